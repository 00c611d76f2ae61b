import { add, mul, sum, ZERO, type Dec } from '../../../shared/model/decimal.ts';
import type { StatementBalance, StatementCash, StatementPosition, StatementTransaction } from './statement.ts';

export interface SummedRows {
  readonly currency: string;
  readonly positions: readonly StatementPosition[];
  readonly cash: readonly StatementCash[];
  readonly transactions: readonly StatementTransaction[];
  readonly balances: readonly StatementBalance[];
}

/** A sum in the statement's currency; null when one of the values is missing or cannot be converted. */
export interface PositionSum {
  readonly rows: number;
  readonly value: Dec | null;
}

export interface StatementSums {
  readonly all: PositionSum;
  ofKind(kind: StatementPosition['kind']): PositionSum;
  ofSource(source401k: string): PositionSum;
  /** Whether any position names the contributions it was bought with. */
  readonly namesSources: boolean;
  readonly cash: Dec | null;
  cashIn(currency: string): StatementCash | undefined;
  openingCash(currency: string): Dec | undefined;
  /** Cash moved by the transactions; in the statement's own currency all of them, converted. */
  movements(currency: string): Dec | null;
}

const gapless = (values: readonly (Dec | null)[]): Dec | null =>
  values.includes(null) ? null : sum(values.map((value) => value ?? ZERO));
const convert = (value: Dec, rate: Dec | null): Dec | null =>
  value === '0' || rate === '1' ? value : rate === null ? null : mul(value, rate);
const positionSum = (positions: readonly StatementPosition[]): PositionSum => ({
  rows: positions.length,
  value: gapless(positions.map((p) => p.totalValue)),
});

function sumsBy<K>(positions: readonly StatementPosition[], keyOf: (position: StatementPosition) => K): (key: K) => PositionSum {
  const sums = new Map([...Map.groupBy(positions, keyOf)].map(([key, rows]) => [key, positionSum(rows)]));
  return (key) => sums.get(key) ?? { rows: 0, value: ZERO };
}

/** Every sum is made once, however many balances ask for it. */
export function createStatementSums({ currency, positions, cash, transactions, balances }: SummedRows): StatementSums {
  const bySource = sumsBy(positions, (position) => position.source401k);
  const inCurrency = new Map(cash.map((figure) => [figure.currency, figure]));
  const opening = new Map(
    balances.filter((balance) => balance.meaning === 'opening_cash').map((balance) => [balance.currency, balance.value]),
  );
  const moved = new Map<string, Dec>();
  for (const row of transactions) moved.set(row.currency, add(moved.get(row.currency) ?? ZERO, row.cashDelta));
  const allMoved = gapless(transactions.map((row) => convert(row.cashDelta, row.rate)));
  return {
    all: positionSum(positions),
    ofKind: sumsBy(positions, (position) => position.kind),
    ofSource: bySource,
    namesSources: positions.some((position) => position.source401k !== null),
    cash: gapless(cash.map((figure) => convert(figure.value, figure.rate))),
    cashIn: (asked) => inCurrency.get(asked),
    openingCash: (asked) => opening.get(asked),
    movements: (asked) => (asked === currency ? allMoved : (moved.get(asked) ?? ZERO)),
  };
}
