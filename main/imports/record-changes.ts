import type { HoldingRecord, TransactionRecord } from '../connectors/connector.ts';
import type { KnownHolding, KnownTransaction } from './book-view.ts';

const HOLDING_WORDS = {
  quantity: 'quantity',
  price: 'price',
  marketValue: 'market value',
  costBasis: 'cost basis',
  currency: 'currency',
} as const;
const TRANSACTION_WORDS = {
  type: 'type',
  tradeDate: 'trade date',
  settleDate: 'settlement date',
  quantityDelta: 'quantity',
  price: 'price',
  cashDelta: 'cash',
  currency: 'currency',
  memo: 'memo',
} as const;

type Values<F extends string> = Readonly<Record<F, string | null>>;

const changes = <F extends string>(
  words: Readonly<Record<F, string>>,
  from: Values<NoInfer<F>>,
  to: Values<NoInfer<F>>,
): string[] =>
  (Object.keys(words) as F[])
    .filter((field) => from[field] !== to[field])
    .map((field) => `${words[field]} ${from[field] ?? 'none'} → ${to[field] ?? 'none'}`);

/** What a statement says differently from what the custodian said before, in words; empty when nothing. The date is no value. */
export const holdingChanges = (before: KnownHolding, now: HoldingRecord): string[] => [
  ...changes(HOLDING_WORDS, before, now),
  ...(before.securityExternalId === now.securityExternalId ? [] : ['another security']),
];

export const transactionChanges = (before: KnownTransaction, now: TransactionRecord): string[] =>
  changes(TRANSACTION_WORDS, before, now);

/** Where Clearway holds a value that is neither what the custodian said before nor what it says now. */
export function clearwayRemark(
  clearway: Pick<KnownHolding, 'quantity' | 'price' | 'marketValue' | 'costBasis'>,
  before: KnownHolding | null,
  now: HoldingRecord,
): string | null {
  const apart = (['quantity', 'price', 'marketValue', 'costBasis'] as const).filter(
    (field) =>
      clearway[field] !== null && now[field] !== null && clearway[field] !== now[field] && clearway[field] !== before?.[field],
  );
  if (apart.length > 0)
    return `Clearway has ${apart.map((field) => `${HOLDING_WORDS[field]} ${clearway[field] ?? ''}`).join(', ')}`;
  return before === null ? 'Agrees with Clearway' : null;
}
