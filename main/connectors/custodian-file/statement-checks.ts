import { abs, add, cmp, mul, sub, sum, ZERO, type Dec } from '../../../shared/model/decimal.ts';
import { CENT } from './position-value.ts';
import type {
  BalanceMeaning, StatementBalance, StatementCash, StatementCheck, StatementPosition, StatementTransaction,
} from './statement.ts';

export interface CheckedStatement {
  readonly currency: string;
  readonly statesPositions: boolean;
  readonly positions: readonly StatementPosition[];
  /** Positions that could not be taken and are therefore missing in every sum. */
  readonly rejectedPositions: number;
  readonly cash: readonly StatementCash[];
  readonly transactions: readonly StatementTransaction[];
  readonly balances: readonly StatementBalance[];
}

const KIND_OF: Readonly<Partial<Record<BalanceMeaning, StatementPosition['kind']>>> = {
  stocks: 'POSSTOCK', funds: 'POSMF', bonds: 'POSDEBT', options: 'POSOPT',
};
const TOTALS: readonly BalanceMeaning[] = ['stocks', 'funds', 'bonds', 'options', 'positions', 'account', 'plan_total', 'plan_source'];

function compare(what: string, stated: Dec, computed: Dec, of: string): StatementCheck {
  const difference = abs(sub(stated, computed));
  const agrees = cmp(difference, CENT) <= 0;
  const note = difference === '0' ? `Equals ${of}.` : agrees ? `Differs from ${of} by ${difference}: rounding to cents.` : `Differs from ${of} by ${difference}.`;
  return { what, stated, computed, agrees, note };
}
const without = (what: string, stated: Dec | null, computed: Dec | null, note: string): StatementCheck => ({ what, stated, computed, agrees: null, note });

/** Sum in the statement's currency, or null when one of the values is missing or cannot be converted. */
const total = (positions: readonly StatementPosition[]): Dec | null =>
  positions.some((position) => position.totalValue === null) ? null : sum(positions.map((position) => position.totalValue ?? ZERO));

const naming = (balance: StatementBalance): string => `Line ${balance.line}: ${balance.name}${balance.meaning?.startsWith('plan_') ? ' of the plan' : ''}`;

function cashTotal(s: CheckedStatement): Dec | null {
  const values = s.cash.map(({ value, rate }) => (rate === null ? null : mul(value, rate)));
  return values.includes(null) ? null : sum(values.map((value) => value ?? ZERO));
}

function movements(s: CheckedStatement, currency: string): Dec | null {
  const rows = currency === s.currency ? s.transactions : s.transactions.filter((row) => row.currency === currency);
  if (currency !== s.currency) return sum(rows.map((row) => row.cashDelta));
  return rows.some((row) => row.rate === null && row.cashDelta !== '0') ? null : sum(rows.map((row) => mul(row.cashDelta, row.rate ?? ZERO)));
}

function checkCash(s: CheckedStatement, balance: StatementBalance): StatementCheck {
  const what = naming(balance);
  const taken = s.cash.find((cash) => cash.currency === balance.currency);
  const isTaken = taken?.line === balance.line && taken.column === balance.column;
  if (taken !== undefined && !isTaken && balance.meaning !== 'ending_cash') {
    const check = compare(what, balance.value, taken.value, `the cash taken (${taken.reason.split(':')[0]}, line ${taken.line})`);
    return check.agrees ? check : { ...check, note: `${check.note} Holds and unsettled trades can explain such a difference.` };
  }
  const opening = s.balances.find((other) => other.meaning === 'opening_cash' && other.currency === balance.currency);
  if (opening === undefined) return without(what, balance.value, null, 'Taken as the cash of the account. The statement names no opening cash, so it cannot be rolled forward from the transactions.');
  const moved = movements(s, balance.currency);
  return moved === null
    ? without(what, balance.value, null, 'Not compared: a transaction in another currency has no rate.')
    : compare(what, balance.value, add(opening.value, moved), `opening cash ${opening.value} plus the transactions ${moved}`);
}

function checkTotal(s: CheckedStatement, balance: StatementBalance): StatementCheck {
  const what = naming(balance);
  if (balance.currency !== s.currency) return without(what, balance.value, null, `Not compared: it is stated in ${balance.currency}, the statement in ${s.currency}.`);
  const kind = balance.meaning === null ? undefined : KIND_OF[balance.meaning];
  if (balance.meaning === 'plan_source' && s.positions.every((position) => position.source401k === null))
    return without(what, balance.value, null, 'Not compared: the positions do not say which contributions they were bought with.');
  const positions =
    kind !== undefined ? s.positions.filter((position) => position.kind === kind)
    : balance.meaning === 'plan_source' ? s.positions.filter((position) => position.source401k === balance.name)
    : s.positions;
  const value = total(positions);
  const withCash = balance.meaning === 'account' || balance.meaning === 'plan_total';
  const cash = withCash ? cashTotal(s) : ZERO;
  if (value === null || cash === null) return without(what, balance.value, null, 'Not compared: a position or cash has no value in the currency of the statement.');
  const of = `the sum of ${positions.length} ${positions.length === 1 ? 'position' : 'positions'}${withCash && s.cash.length > 0 ? ` ${value} and cash ${cash}` : ''}`;
  const check = compare(what, balance.value, add(value, cash), of);
  const gaps = [
    s.statesPositions ? null : 'The statement has no list of positions.',
    s.rejectedPositions === 0 ? null : `${s.rejectedPositions} rejected ${s.rejectedPositions === 1 ? 'position is' : 'positions are'} missing in the sum.`,
    withCash && s.cash.length === 0 && !check.agrees ? 'The statement states no cash; the difference may be cash or positions it does not list.' : null,
  ].filter((gap) => gap !== null);
  return { ...check, note: [check.note, ...gaps].join(' ') };
}

/** One line for all positions of a currency, and one for each position whose value does not fit. */
function checkPositions(s: CheckedStatement): StatementCheck[] {
  const checked = s.positions.flatMap(({ check, marketValue, currency }) =>
    check === null ? [] : [{ check, currency: marketValue === null ? s.currency : currency }],
  );
  return [...Map.groupBy(checked, (entry) => entry.currency)].flatMap(([currency, entries]) => {
    const checks = entries.map((entry) => entry.check);
    const failing = checks.filter((check) => check.agrees === false);
    const stated = sum(checks.map((check) => check.stated ?? ZERO));
    const computed = sum(checks.map((check) => check.computed ?? ZERO));
    const note =
      failing.length > 0 ? `${failing.length} of ${checks.length} market values differ from units x price by more than a cent.`
      : stated === computed ? 'Every market value is units x price.'
      : 'Every market value is units x price within a cent; the values are rounded.';
    return [{ what: `Market values of ${checks.length} ${checks.length === 1 ? 'position' : 'positions'} in ${currency} against units x price`, stated, computed, agrees: failing.length === 0, note }, ...failing];
  });
}

/** The statement's own figures beside the sum of its rows, in words where nothing can be compared. */
export function checkStatement(s: CheckedStatement): StatementCheck[] {
  const checks = checkPositions(s);
  for (const balance of s.balances) {
    if (balance.percent) continue;
    if (balance.meaning === null) {
      // The tags of INVBAL that no rows add up to are reported with the cash; only named balances are listed here.
      if (!['MARGINBALANCE', 'SHORTBALANCE', 'BUYPOWER'].includes(balance.name))
        checks.push(without(naming(balance), balance.value, null, 'Not compared: it is not known which rows this figure is the sum of.'));
    } else if (TOTALS.includes(balance.meaning)) checks.push(checkTotal(s, balance));
    else if (balance.meaning !== 'opening_cash') checks.push(checkCash(s, balance));
  }
  const sources = s.balances.filter((balance) => balance.meaning === 'plan_source');
  const plan = s.balances.find((balance) => balance.meaning === 'plan_total');
  if (plan !== undefined && sources.length > 0)
    checks.push(compare(`Line ${plan.line}: TOTAL of the plan against its sources`, plan.value, sum(sources.map((b) => b.value)), `the sum of ${sources.length} sources of contributions`));
  if (!s.balances.some((balance) => balance.meaning !== null && TOTALS.includes(balance.meaning)))
    checks.push(without('Total of the positions', null, total(s.positions), 'The statement states no total of its positions, so their sum has nothing to be checked against.'));
  return checks;
}
