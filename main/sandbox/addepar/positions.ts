import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import type { Entities } from './entities.ts';
import { AddeparError } from './errors.ts';
import { directProperty, parentAccount } from './hierarchy.ts';
import {
  accountEntityId,
  holdingId,
  householdEntityId,
  ownershipId,
  propertyEntityId,
  readEntityId,
  readPositionId,
  securityEntityId,
} from './ids.ts';
import { list, one, pageAfter, pageText, type Query } from './paging.ts';

interface Edge {
  readonly id: number;
  readonly owner: number;
  readonly owned: number;
  readonly name: string;
  readonly percentage: string | null;
}

/** Who owns what: households own accounts, accounts own securities. Without units or values, as the platform has it. */
export interface Positions {
  page(query: Query): string;
  one(id: string): string;
  /** The entity at one end of a position. */
  end(id: string, end: 'owner' | 'owned'): string;
  /** The same as a relationship, whose id is an integer. */
  relationship(id: string, end: 'owner' | 'owned'): string;
}

export function createPositions(state: PlatformState, entities: Entities): Positions {
  const { book } = state;
  const { firm } = book;
  const property = directProperty(firm);

  const ownership = (account: number): Edge => {
    const parent = parentAccount(firm, account);
    const row = firm.accounts[account];
    return {
      id: ownershipId(account),
      owner: parent === null ? householdEntityId(row?.household ?? 0) : accountEntityId(parent),
      owned: accountEntityId(account),
      name: row?.name ?? '',
      percentage: '1.0',
    };
  };
  const propertyEdge = (): Edge | null =>
    property && {
      id: ownershipId(firm.accounts.length),
      owner: householdEntityId(property.household),
      owned: propertyEntityId(property.household),
      name: property.name,
      percentage: '1.0',
    };
  const holdings = (account: number): readonly Edge[] =>
    book.records(account, state.day()).map(({ record, security }) => ({
      id: holdingId(record),
      owner: accountEntityId(account),
      owned: securityEntityId(security.index),
      name: security.name,
      percentage: null,
    }));

  const firstAdded = firm.slots.total;
  const addedEdges = (): readonly Edge[] =>
    book.changes.addedRecords.flatMap(([account, record]) => holdings(account).filter((edge) => edge.id === holdingId(record)));

  function* ownerships(after: number): Generator<Edge> {
    const from = Math.max(0, after - ownershipId(0) + 1);
    for (let account = from; account < firm.accounts.length; account += 1) yield ownership(account);
    const edge = propertyEdge();
    if (edge && edge.id > after) yield edge;
  }

  function* allHoldings(after: number): Generator<Edge> {
    const from = Math.max(0, after - holdingId(0) + 1);
    for (
      let account = from < firstAdded ? firm.slots.accountAt(from) : firm.accounts.length;
      account < firm.accounts.length;
      account += 1
    )
      for (const edge of holdings(account)) if (edge.id > after && edge.id < holdingId(firstAdded)) yield edge;
    for (const edge of addedEdges()) if (edge.id > after) yield edge;
  }

  function* candidates(query: Query): Generator<Edge> {
    const after = pageAfter(query);
    const owner = one(query, 'filter[owner_entity_id]');
    const place = owner === undefined ? null : readEntityId(Number(owner));
    if (place?.kind === 'account') {
      const inside = place.index < firm.accounts.length ? [...holdings(place.index)].toSorted((a, b) => a.id - b.id) : [];
      for (const edge of ownerships(after)) if (edge.owner === accountEntityId(place.index)) yield edge;
      yield* inside.filter((edge) => edge.id > after);
      return;
    }
    yield* ownerships(after);
    const ownerTypes = list(query, 'filter[owner_model_types]');
    if (place === null && (!ownerTypes || ownerTypes.some((type) => type.toUpperCase() === 'FINANCIAL_ACCOUNT')))
      yield* allHoldings(after);
  }

  const edgeText = (edge: Edge, fields: readonly string[] | null): string => {
    const attributes = [
      ['name', quoted(edge.name)],
      ['display_name', quoted(edge.name)],
      ['incepting_open_position_date', '"2021-03-01"'],
      ['incepting_open_position_ownership_percentage', edge.percentage ?? 'null'],
      ['created_at', '"2021-03-01T09:00:00Z"'],
      ['modified_at', '"2024-06-11T06:05:00Z"'],
    ]
      .filter(([name]) => fields === null || fields.includes(name ?? ''))
      .map(([name, text]) => `"${name}":${text}`);
    const relation = (name: 'owner' | 'owned', id: number): string =>
      `"${name}":{"links":{"self":"/v1/positions/${edge.id}/relationships/${name}","related":"/v1/positions/${edge.id}/${name}"},"data":{"type":"entities","id":"${id}"}}`;
    return `{"id":"${edge.id}","type":"positions","attributes":{${attributes.join(',')}},"relationships":{${relation('owner', edge.owner)},${relation('owned', edge.owned)}},"links":{"self":"/v1/positions/${edge.id}"}}`;
  };

  const find = (id: string): Edge => {
    const place = /^\d{1,15}$/.test(id) ? readPositionId(Number(id)) : null;
    let edge: Edge | null | undefined = null;
    if (place?.kind === 'ownership')
      edge =
        place.index < firm.accounts.length
          ? ownership(place.index)
          : place.index === firm.accounts.length
            ? propertyEdge()
            : null;
    if (place?.kind === 'holding') {
      const account =
        place.index < firstAdded ? firm.slots.accountAt(place.index) : book.changes.addedRecords[place.index - firstAdded]?.[0];
      if (account !== undefined) edge = holdings(account).find((row) => row.id === Number(id));
    }
    if (!edge) throw new AddeparError(404, `There is no position ${id}`);
    return edge;
  };

  return {
    page(query) {
      const owned = one(query, 'filter[owned_entity_id]');
      const owner = one(query, 'filter[owner_entity_id]');
      const ownerTypes = list(query, 'filter[owner_model_types]')?.map((type) => type.toUpperCase());
      const ownedTypes = list(query, 'filter[owned_model_types]')?.map((type) => type.toUpperCase());
      const fields = list(query, 'fields[positions]');
      const rows = function* (): Generator<{ id: number; text: string }> {
        for (const edge of candidates(query)) {
          if (owner !== undefined && String(edge.owner) !== owner) continue;
          if (owned !== undefined && String(edge.owned) !== owned) continue;
          if (ownerTypes && !ownerTypes.includes(entities.modelType(edge.owner) ?? '')) continue;
          if (ownedTypes && !ownedTypes.includes(entities.modelType(edge.owned) ?? '')) continue;
          yield { id: edge.id, text: edgeText(edge, fields) };
        }
      };
      return pageText('/positions', query, rows());
    },
    one: (id) => `{"data":${edgeText(find(id), null)},"included":[]}`,
    end: (id, end) => `{"data":${entities.resource(find(id)[end])},"included":[]}`,
    relationship: (id, end) => `{"data":{"id":${find(id)[end]},"type":"entities"}}`,
  };
}
