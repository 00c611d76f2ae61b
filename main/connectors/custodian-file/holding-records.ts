import { ONE, sum, ZERO, type Dec } from '../../../shared/model/decimal.ts';
import type { HoldingRecord } from '../connector.ts';
import { listed, placeOf, places } from './brief.ts';
import { cashHoldingExternalId, cashSecurityExternalId, joinedExternalId } from './external-ids.ts';
import type { OfxStatement, StatementPosition } from './statement.ts';

// A security may be held in many lots; the record has to stay short enough to read.
const MAX_PLACES = 20;

interface Holding {
  readonly externalId: string;
  readonly first: StatementPosition;
  readonly lots: readonly StatementPosition[];
}
type Positions = Pick<OfxStatement, 'accountExternalId' | 'currency' | 'positions'>;

function holdingsOf({ accountExternalId, currency, positions }: Positions): Holding[] {
  const idOf = (position: StatementPosition): string =>
    joinedExternalId(
      accountExternalId,
      position.securityExternalId,
      position.side,
      ...(position.currency === currency ? [] : [position.currency]),
    );
  return [...Map.groupBy(positions, idOf)].flatMap(([externalId, lots]) => {
    const [first] = lots;
    return first === undefined ? [] : [{ externalId, first, lots }];
  });
}

const placeOfLots = (lots: readonly StatementPosition[]): string =>
  lots.slice(0, MAX_PLACES).map(placeOf).join('; ') + (lots.length > MAX_PLACES ? ` and ${lots.length - MAX_PLACES} more` : '');

const one = (values: readonly (Dec | null)[]): Dec | null =>
  values.every((value) => value === values[0]) ? (values[0] ?? null) : null;

/** Null as soon as one value is: a sum with a gap would be a wrong number. */
const all = (values: readonly (Dec | null)[]): Dec | null =>
  values.includes(null) ? null : sum(values.map((value) => value ?? ZERO));

export interface SetAsideHolding {
  readonly holding: HoldingRecord;
  readonly reason: string;
}

/**
 * One record per account, security and side (and currency, where it is not the statement's). Custodians list lots, and
 * the cash and margin parts of one holding, as rows of their own; they are added up, and `place` names every line. The
 * price is that of the rows when they agree, else null: an average would be a price nobody stated. Long and short stay
 * apart. A holding one of whose rows was rejected is set aside, since the sum of the others would be too small. Cash is
 * one record per currency with price 1.
 */
export function holdingRecords(statement: OfxStatement): {
  readonly holdings: HoldingRecord[];
  readonly setAside: SetAsideHolding[];
} {
  const { accountExternalId, asOf } = statement;
  const common = { accountExternalId, costBasis: null, asOf, modifiedAt: null };
  const rejected = new Map(statement.rejected.map((row) => [row.externalId, row.line]));
  const holdings: HoldingRecord[] = [];
  const setAside: SetAsideHolding[] = [];
  for (const { externalId, first, lots } of holdingsOf(statement)) {
    const holding: HoldingRecord = {
      ...common,
      externalId,
      securityExternalId: first.securityExternalId,
      quantity: sum(lots.map((lot) => lot.quantity)),
      price: one(lots.map((lot) => lot.price)),
      marketValue: all(lots.map((lot) => lot.marketValue)),
      currency: first.currency,
      place: placeOfLots(lots),
    };
    const security = joinedExternalId(accountExternalId, first.securityExternalId);
    const missing = rejected.get(joinedExternalId(security, first.side)) ?? rejected.get(security);
    if (missing === undefined) holdings.push(holding);
    else
      setAside.push({
        holding,
        reason: `line ${missing} belongs to the same holding and was rejected, so the rest would be too small a sum.`,
      });
  }
  for (const figure of statement.cash) {
    const securityExternalId = cashSecurityExternalId(figure.currency);
    holdings.push({
      ...common,
      externalId: cashHoldingExternalId(accountExternalId, figure.currency),
      securityExternalId,
      quantity: figure.value,
      price: ONE,
      marketValue: figure.value,
      currency: figure.currency,
      place: placeOf(figure),
    });
  }
  return { holdings, setAside };
}

/** What an analyst should know about rows that are added up. */
export function lotWarnings(positions: Positions): string[] {
  const warn = (holdings: readonly Holding[], sentence: string, detail: (holding: Holding) => string): string[] =>
    holdings.length === 0 ? [] : [`${places(holdings.map(({ first }) => first))}: ${sentence}: ${listed(holdings.map(detail))}.`];
  const summed = holdingsOf(positions).filter(({ lots }) => lots.length > 1);
  return [
    ...warn(
      summed,
      'several rows of one security are added up to one holding',
      ({ first, lots }) => `${first.securityExternalId} (${placeOfLots(lots)})`,
    ),
    ...warn(
      summed.filter(({ lots }) => lots.some((lot) => lot.price !== lots[0]?.price)),
      'the rows added up have different prices, so the holding has no single price',
      ({ first, lots }) => `${first.securityExternalId} (${listed(lots.map((lot) => lot.price ?? 'none'))})`,
    ),
  ];
}
