import type { PlatformState } from '../plants/platform-state.ts';
import { quoted } from '../http/json-text.ts';
import type { Security } from '../firm/security.ts';
import { AddeparError } from './errors.ts';
import { directProperty } from './hierarchy.ts';
import { accountEntityId, householdEntityId, propertyEntityId, readEntityId, securityEntityId, type EntityKind } from './ids.ts';
import { list, one, pageAfter, pageText, type Query } from './paging.ts';

const MODEL_TYPES: Readonly<Record<Security['type'], string>> = {
  stock: 'STOCK',
  etf: 'ETF',
  fund: 'MUTUAL_FUND',
  bond: 'BOND',
  option: 'OPTION',
  cash: 'CASH',
  other: 'UNKNOWN_SECURITY',
};
export const modelTypeOf = (security: Security): string => MODEL_TYPES[security.type];

interface Entity {
  readonly id: number;
  readonly modelType: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
  /** Members as name and JSON text. */
  readonly attributes: readonly (readonly [name: string, text: string])[];
}

const KINDS: readonly EntityKind[] = ['household', 'account', 'security', 'property'];
const CREATED_AT = '2021-03-01T09:00:00Z';

/** Resources below `/entities`: households, accounts, securities, and property that is owned directly. */
export interface Entities {
  page(query: Query): string;
  one(id: string): string;
  /** Type of an entity; null when there is none of that id. */
  modelType(id: number): string | null;
  /** The inner JSON of one resource, without the `data` envelope. */
  resource(id: number): string;
}

export function createEntities(state: PlatformState): Entities {
  const { firm } = state.book;
  const property = directProperty(firm);
  const counts: Readonly<Record<EntityKind, number>> = {
    household: firm.households.length,
    account: firm.accounts.length,
    security: firm.securities.length,
    property: property ? 1 : 0,
  };
  const ids: Readonly<Record<EntityKind, (index: number) => number>> = {
    household: householdEntityId,
    account: accountEntityId,
    security: securityEntityId,
    property: () => propertyEntityId(property?.household ?? 0),
  };

  const entity = (
    id: number,
    modelType: string,
    ownership: string,
    name: string,
    currency: string,
    month: number,
    rest: readonly (readonly [string, string])[] = [],
  ): Entity => {
    const modifiedAt = `2024-${String(1 + (month % 12)).padStart(2, '0')}-11T06:05:00Z`;
    return {
      id,
      modelType,
      createdAt: CREATED_AT,
      modifiedAt,
      attributes: [
        ['original_name', quoted(name)],
        ['display_name', quoted(name)],
        ['model_type', quoted(modelType)],
        ['ownership_type', quoted(ownership)],
        ['currency_factor', quoted(currency)],
        ...rest,
        ['created_at', quoted(CREATED_AT)],
        ['modified_at', quoted(modifiedAt)],
      ],
    };
  };

  const find = (kind: EntityKind, index: number): Entity | null => {
    if (index < 0) return null;
    const household = kind === 'household' ? firm.households[index] : undefined;
    if (household) return entity(ids.household(index), 'HOUSEHOLD', 'PERCENT_BASED', household.name, 'USD', index);
    const account = kind === 'account' ? firm.accounts[index] : undefined;
    if (account)
      return entity(ids.account(index), 'FINANCIAL_ACCOUNT', 'PERCENT_BASED', account.name, 'USD', index, [
        ['account_number', quoted(account.number)],
        ['online_status', '"ONLINE"'],
        ['is_archived', 'false'],
      ]);
    const security = kind === 'security' ? firm.securities[index] : undefined;
    if (security)
      return entity(
        ids.security(index),
        modelTypeOf(security),
        security.type === 'cash' ? 'VALUE_BASED' : 'SHARE_BASED',
        security.name,
        security.currency,
        index,
        security.ticker === null ? [] : [['ticker_symbol', `[{"date":null,"value":${quoted(security.ticker)},"weight":1.0}]`]],
      );
    if (kind === 'property' && property && index === property.household)
      return entity(propertyEntityId(index), 'REAL_ESTATE', 'PERCENT_BASED', property.name, 'USD', 3);
    return null;
  };

  const resourceText = (row: Entity, fields: readonly string[] | null): string => {
    const attributes = row.attributes
      .filter(([name]) => fields === null || fields.includes(name))
      .map(([name, text]) => `"${name}":${text}`);
    return `{"id":"${row.id}","type":"entities","attributes":{${attributes.join(',')}},"links":{"self":"/v1/entities/${row.id}"}}`;
  };

  const byId = (id: number): Entity | null => {
    const place = readEntityId(id);
    return place && find(place.kind, place.index);
  };

  const matcher = (query: Query): ((row: Entity) => boolean) => {
    const types = (list(query, 'filter[model_types]') ?? list(query, 'filter[entity_types]'))?.map((type) => type.toUpperCase());
    const status = one(query, 'filter[linking_status]');
    if (types && status !== undefined) throw new AddeparError(400, 'filter[linking_status] cannot be combined with model types');
    const bounds = (['created_after', 'created_before', 'modified_after', 'modified_before'] as const).map((name) => {
      const date = one(query, `filter[${name}]`)?.replaceAll('"', '');
      if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new AddeparError(400, `filter[${name}] is not a date`);
      return { name, date };
    });
    return (row) =>
      (!types || types.includes(row.modelType)) &&
      (status === undefined || (status === 'linked') === (row.modelType === 'FINANCIAL_ACCOUNT')) &&
      bounds.every(({ name, date }) => {
        if (date === undefined) return true;
        const on = (name.startsWith('created') ? row.createdAt : row.modifiedAt).slice(0, 10);
        return name.endsWith('after') ? on >= date : on <= date;
      });
  };

  function* after(cursor: number, wanted: readonly string[] | null): Generator<Entity> {
    if (wanted) {
      const numbers = wanted
        .filter((id) => /^\d{1,15}$/.test(id))
        .map(Number)
        .filter((id) => id > cursor);
      for (const id of numbers.toSorted((a, b) => a - b)) {
        const row = byId(id);
        if (row) yield row;
      }
      return;
    }
    for (const kind of KINDS) {
      const first = kind === 'property' ? (property?.household ?? 0) : 0;
      for (let index = first; index < first + counts[kind]; index += 1) {
        if (ids[kind](index) <= cursor) {
          if (cursor >= ids[kind](first + counts[kind] - 1)) break;
          index = Math.max(index, first + cursor - ids[kind](first));
          continue;
        }
        const row = find(kind, index);
        if (row) yield row;
      }
    }
  }

  const resource = (id: number, fields: readonly string[] | null = null): string => {
    const row = byId(id);
    if (!row) throw new AddeparError(404, `There is no entity ${id}`);
    return resourceText(row, fields);
  };

  return {
    page(query) {
      const matches = matcher(query);
      const fields = list(query, 'fields[entities]');
      const rows = function* (): Generator<{ id: number; text: string }> {
        for (const row of after(pageAfter(query), list(query, 'filter[ids]')))
          if (matches(row)) yield { id: row.id, text: resourceText(row, fields) };
      };
      return pageText('/entities', query, rows());
    },
    one: (id) => `{"data":${resource(/^\d{1,15}$/.test(id) ? Number(id) : -1)},"included":[]}`,
    modelType: (id) => byId(id)?.modelType ?? null,
    resource: (id) => resource(id),
  };
}
