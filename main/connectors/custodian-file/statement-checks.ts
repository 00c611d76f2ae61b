import { abs, add, cmp, sub, sum, ZERO, type Dec } from '../../../shared/model/decimal.ts';
import { CENT } from './position-value.ts';
import { createStatementSums, type StatementSums, type SummedRows } from './statement-sums.ts';
import type { BalanceMeaning, StatementBalance, StatementCheck, StatementPosition } from './statement.ts';

export interface CheckedStatement extends SummedRows {
  readonly statesPositions: boolean;
  /** Positions that could not be taken and are therefore missing in every sum. */
  readonly rejectedPositions: number;
}

const KIND_OF: Readonly<Partial<Record<BalanceMeaning, StatementPosition['kind']>>> = {
  stocks: 'POSSTOCK',
  funds: 'POSMF',
  bonds: 'POSDEBT',
  options: 'POSOPT',
};
const TOTALS: ReadonlySet<BalanceMeaning> = new Set<BalanceMeaning>([
  'stocks',
  'funds',
  'bonds',
  'options',
  'positions',
  'account',
  'plan_total',
  'plan_source',
]);
// Tags that no rows add up to; what they hold is reported with the cash.
const NOT_SUMS = new Set(['MARGINBALANCE', 'SHORTBALANCE', 'BUYPOWER']);

function compare(what: string, stated: Dec, computed: Dec, of: string): StatementCheck {
  const difference = abs(sub(stated, computed));
  const agrees = cmp(difference, CENT) <= 0;
  const note =
    difference === '0'
      ? `Equals ${of}.`
      : agrees
        ? `Differs from ${of} by ${difference}: rounding to cents.`
        : `Differs from ${of} by ${difference}.`;
  return { what, stated, computed, agrees, note };
}
const without = (what: string, stated: Dec | null, computed: Dec | null, note: string): StatementCheck => ({
  what,
  stated,
  computed,
  agrees: null,
  note,
});

const naming = (balance: StatementBalance): string =>
  `Line ${balance.line}: ${balance.name}${balance.meaning?.startsWith('plan_') ? ' of the plan' : ''}`;

function checkCash(sums: StatementSums, balance: StatementBalance): StatementCheck {
  const what = naming(balance);
  const taken = sums.cashIn(balance.currency);
  const isTaken = taken?.line === balance.line && taken.column === balance.column;
  if (taken !== undefined && !isTaken && balance.meaning !== 'ending_cash') {
    const check = compare(what, balance.value, taken.value, `the cash taken (${taken.reason.split(':')[0]}, line ${taken.line})`);
    return check.agrees ? check : { ...check, note: `${check.note} Holds and unsettled trades can explain such a difference.` };
  }
  const opening = sums.openingCash(balance.currency);
  if (opening === undefined)
    return without(
      what,
      balance.value,
      null,
      `${isTaken ? 'Taken as the cash of the account. ' : ''}The statement names no opening cash, so it cannot be rolled forward from the transactions.`,
    );
  const moved = sums.movements(balance.currency);
  return moved === null
    ? without(what, balance.value, null, 'Not compared: a transaction in another currency has no rate.')
    : compare(what, balance.value, add(opening, moved), `opening cash ${opening} plus the transactions ${moved}`);
}

function checkTotal(
  s: CheckedStatement,
  sums: StatementSums,
  balance: StatementBalance,
  meaning: BalanceMeaning,
): StatementCheck {
  const what = naming(balance);
  if (balance.currency !== s.currency)
    return without(
      what,
      balance.value,
      null,
      `Not compared: it is stated in ${balance.currency}, the statement in ${s.currency}.`,
    );
  if (meaning === 'plan_source' && !sums.namesSources)
    return without(
      what,
      balance.value,
      null,
      'Not compared: the positions do not say which contributions they were bought with.',
    );
  const kind = KIND_OF[meaning];
  const { rows, value } =
    kind !== undefined ? sums.ofKind(kind) : meaning === 'plan_source' ? sums.ofSource(balance.name) : sums.all;
  const withCash = meaning === 'account' || meaning === 'plan_total';
  const cash = withCash ? sums.cash : ZERO;
  if (value === null || cash === null)
    return without(what, balance.value, null, 'Not compared: a position or cash has no value in the currency of the statement.');
  const statesCash = s.cash.length > 0;
  const of = `the sum of ${rows} ${rows === 1 ? 'position' : 'positions'}${withCash && statesCash ? ` ${value} and cash ${cash}` : ''}`;
  const check = compare(what, balance.value, add(value, cash), of);
  const gaps = [
    s.statesPositions ? null : 'The statement has no list of positions.',
    s.rejectedPositions === 0
      ? null
      : `${s.rejectedPositions} rejected ${s.rejectedPositions === 1 ? 'position is' : 'positions are'} missing in the sum.`,
    withCash && !statesCash && !check.agrees
      ? 'The statement states no cash; the difference may be cash or positions it does not list.'
      : null,
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
      failing.length > 0
        ? `${failing.length} of ${checks.length} market values differ from units x price by more than a cent.`
        : stated === computed
          ? 'Every market value is units x price.'
          : 'Every market value is units x price within a cent; the values are rounded.';
    const what = `Market values of ${checks.length} ${checks.length === 1 ? 'position' : 'positions'} in ${currency} against units x price`;
    return [{ what, stated, computed, agrees: failing.length === 0, note }, ...failing];
  });
}

/** The statement's own figures beside the sum of its rows, in words where nothing can be compared. */
export function checkStatement(s: CheckedStatement): StatementCheck[] {
  const sums = createStatementSums(s);
  const ofBalances = s.balances.flatMap((balance): StatementCheck[] => {
    const { meaning } = balance;
    if (balance.percent || meaning === 'opening_cash') return [];
    if (meaning !== null) return [TOTALS.has(meaning) ? checkTotal(s, sums, balance, meaning) : checkCash(sums, balance)];
    return NOT_SUMS.has(balance.name)
      ? []
      : [without(naming(balance), balance.value, null, 'Not compared: it is not known which rows this figure is the sum of.')];
  });
  const sources = s.balances.filter((balance) => balance.meaning === 'plan_source');
  const plan = s.balances.find((balance) => balance.meaning === 'plan_total');
  const ofPlan =
    plan !== undefined && sources.length > 0
      ? [
          compare(
            `Line ${plan.line}: TOTAL of the plan against its sources`,
            plan.value,
            sum(sources.map((balance) => balance.value)),
            `the sum of ${sources.length} sources of contributions`,
          ),
        ]
      : [];
  const statesTotal = s.balances.some((balance) => balance.meaning !== null && TOTALS.has(balance.meaning));
  const inWords = statesTotal
    ? []
    : [
        without(
          'Total of the positions',
          null,
          sums.all.value,
          'The statement states no total of its positions, so their sum has nothing to be checked against.',
        ),
      ];
  return [...checkPositions(s), ...ofBalances, ...ofPlan, ...inWords];
}
