import { z } from 'zod';
import type { CalendarDate } from '../../../shared/model/date.ts';
import { ONE } from '../../../shared/model/decimal.ts';
import { canonicalAmounts, MULTIPLIERS, type Amounts, type Contradiction } from '../amounts.ts';
import type { AccountRecord, ConnectorContext, HoldingRecord, QuarantinedRecord, SecurityRecord } from '../connector.ts';
import { createJsonCutter } from '../json-cut.ts';
import { jsonDecimal, jsonId, jsonText, toDec, toIdText, type JsonDecimal } from '../json.ts';
import { createQuarantine, readRecord } from '../quarantine.ts';
import { createSecurityBook } from '../security-book.ts';
import { NO_IDENTIFIERS, readIdentifiers } from '../security-identifiers.ts';
import { UNNAMED_CURRENCY } from '../settings.ts';
import { ADDEPAR_CONVENTIONS, addeparSecurityType, type AddeparEntity } from './entity.ts';
import type { PortfolioReply } from './portfolio-query.ts';
import type { TreeAccount, TreeRow } from './tree.ts';

// A query writes null for what it does not know, so a column that is absent is drift.
const amount = jsonDecimal.nullable();
const securityRow = z.object({
  entity_id: jsonId,
  name: jsonText.nullish(),
  columns: z.object({
    shares: amount,
    price_per_share: amount,
    value: amount,
    cost_basis: amount,
    cusip: jsonText.nullish(),
    isin: jsonText.nullish(),
  }),
});
type SecurityRow = z.infer<typeof securityRow>;

export interface AddeparRecords {
  readonly accounts: readonly AccountRecord[];
  readonly securities: readonly SecurityRecord[];
  readonly holdings: readonly HoldingRecord[];
  readonly quarantined: readonly QuarantinedRecord[];
}

const toDecOrNull = (value: JsonDecimal | null) => (value === null ? null : toDec(value));

/** Turns rows of one portfolio query into records. `toAccount` makes the record of an account that was not handed out yet. */
export function createRowReader(
  context: ConnectorContext,
  reply: PortfolioReply,
  facts: {
    readonly asOf: CalendarDate;
    readonly currency: string | null;
    readonly entities: ReadonlyMap<string, AddeparEntity>;
    readonly knownAccounts: ReadonlySet<string>;
    readonly toAccount: (account: TreeAccount) => AccountRecord;
  },
) {
  const quarantine = createQuarantine(createJsonCutter(reply.text));
  const book = createSecurityBook();
  const knownAccounts = new Set(facts.knownAccounts);
  const knownHoldings = new Set<string>();
  const currency = reply.currency ?? facts.currency;

  const amountsOf = (row: SecurityRow, entity: AddeparEntity, type: SecurityRecord['type']): Amounts | Contradiction => {
    const { shares, price_per_share: price, value, cost_basis: costBasis } = row.columns;
    const sent = {
      quantity: toDecOrNull(shares),
      price: toDecOrNull(price),
      marketValue: toDecOrNull(value),
      costBasis: toDecOrNull(costBasis),
    };
    const unitless = entity.isValueBased && sent.quantity === null;
    return canonicalAmounts(type, unitless ? { ...sent, quantity: sent.marketValue, price: ONE } : sent, ADDEPAR_CONVENTIONS);
  };

  const makeSecurity = (
    row: SecurityRow,
    entity: AddeparEntity,
    type: SecurityRecord['type'],
    pointer: string,
  ): SecurityRecord => {
    const { cusip, isin } = row.columns;
    const read = type === 'cash' ? null : readIdentifiers({ ticker: entity.ticker, cusip, isin });
    if (read?.failed) quarantine.add(`security ${entity.id}`, read.failed.reason, `columns.${read.failed.kind}`, pointer);
    if (read?.repaired) context.log('Put the leading zero of a CUSIP back', { entityId: entity.id, ...read.repaired });
    return {
      externalId: entity.id,
      name: entity.name,
      type,
      currency: entity.currency ?? currency ?? UNNAMED_CURRENCY,
      multiplier: MULTIPLIERS[type],
      ...(read?.identifiers ?? NO_IDENTIFIERS),
    };
  };

  return (rows: readonly TreeRow[]): AddeparRecords => {
    const accounts: AccountRecord[] = [];
    const holdings: HoldingRecord[] = [];
    for (const { node, pointer, account, fault, securityId } of rows) {
      // Named as the position it is, so that what is known of it is not taken for gone.
      const named = account === null || securityId === null ? null : `${account.id}:${securityId}`;
      if (fault) {
        const id = fault.path === 'grouping' ? (named ?? securityId) : securityId;
        quarantine.add(id, fault.reason, fault.path, pointer);
        continue;
      }
      const row = readRecord(securityRow, node, quarantine, {
        pointer,
        idMember: 'entity_id',
        ...(named === null ? {} : { externalId: named }),
      });
      if (!row) continue;
      const securityExternalId = toIdText(row.entity_id);
      const externalId = account === null ? null : `${account.id}:${securityExternalId}`;
      const refuse = (reason: string, path: string): void =>
        quarantine.add(externalId ?? securityExternalId, reason, path, pointer);
      if (account === null || externalId === null) {
        refuse('The position stands under no account: an owner holds it directly.', 'holding_account');
        continue;
      }
      const entity = facts.entities.get(securityExternalId);
      if (!entity) {
        refuse(`Addepar does not list the security ${securityExternalId}, so what it is cannot be told.`, 'entity_id');
        continue;
      }
      const type = addeparSecurityType(entity.modelType);
      if (type === null) {
        refuse(`model_type has the value “${entity.modelType}”, which this connector does not know.`, 'model_type');
        continue;
      }
      const amounts = amountsOf(row, entity, type);
      if ('reason' in amounts) {
        refuse(`columns.shares ${amounts.reason}.`, 'columns.shares');
        continue;
      }
      if (knownHoldings.has(externalId)) {
        refuse('Addepar shows this security twice under the same account; the first one is used.', 'entity_id');
        continue;
      }
      knownHoldings.add(externalId);
      if (!knownAccounts.has(account.id)) {
        knownAccounts.add(account.id);
        accounts.push(facts.toAccount(account));
      }
      book.see(securityExternalId, row.columns, () => makeSecurity(row, entity, type, pointer));
      holdings.push({
        externalId,
        accountExternalId: account.id,
        securityExternalId,
        ...amounts,
        currency,
        asOf: facts.asOf,
        modifiedAt: null,
        place: pointer,
      });
    }
    return { accounts, securities: book.take(), holdings, quarantined: quarantine.take() };
  };
}
