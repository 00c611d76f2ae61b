import { listed } from './brief.ts';
import { cashHoldingExternalId } from './external-ids.ts';
import type { BalanceMeaning, RejectedRow, StatementBalance, StatementCash } from './statement.ts';

// The statement's own closing figure comes first. Available cash may leave out unsettled trades or holds, so it is
// taken only where nothing better is stated.
// The tags are those of better figures.
const ORDER: readonly (readonly [BalanceMeaning, string, readonly string[]])[] = [
  ['ending_cash', 'the cash with which the statement ends', []],
  ['cash_balance', 'the cash balance, because the statement names no ending cash', ['BAL']],
  ['available_cash', 'available cash, because the statement names no ending cash', ['BAL']],
  ['plan_cash', 'the cash of the plan, because the statement names no other', ['BAL', 'AVAILCASH']],
];

/**
 * The cash of the account, one figure per currency. Margin and short balances are not added: OFX does not say whether
 * available cash holds them already. Contradicting figures of one kind are refused, and no lesser figure stands in for
 * one that could not be read.
 */
export function chooseCash(
  accountExternalId: string,
  balances: readonly StatementBalance[],
  rejected: RejectedRow[],
): { readonly cash: readonly StatementCash[]; readonly warnings: readonly string[] } {
  const cash: StatementCash[] = [];
  const currencies = new Set(balances.filter((balance) => ORDER.some(([meaning]) => meaning === balance.meaning)).map((b) => b.currency));
  for (const currency of currencies) {
    const externalId = cashHoldingExternalId(accountExternalId, currency);
    const unread = new Set(rejected.filter((row) => row.externalId === externalId).map((row) => row.tag));
    for (const [meaning, reason, blocking] of ORDER) {
      if (blocking.some((tag) => unread.has(tag))) break;
      const stated = balances.filter((balance) => balance.currency === currency && balance.meaning === meaning);
      const [first] = stated;
      if (first === undefined) continue;
      if (stated.some((balance) => balance.value !== first.value)) {
        const figures = stated.map((b) => `${b.value} (${b.name}, line ${b.line})`);
        rejected.push({
          line: first.line,
          column: first.column,
          tag: 'BAL',
          externalId,
          reason: `Line ${first.line}: cash in ${currency} was not taken: the statement gives ${listed(figures)}.`,
          path: 'INVBAL',
          raw: figures.join('\n').slice(0, 4_000),
        });
      } else {
        cash.push({ line: first.line, column: first.column, currency, rate: first.rate, value: first.value, reason: `${first.name}: ${reason}` });
      }
      break;
    }
  }
  const apart = balances.filter((balance) => ['MARGINBALANCE', 'SHORTBALANCE'].includes(balance.name) && balance.value !== '0');
  const warnings = apart.map(
    (balance) => `Line ${balance.line}: ${balance.name} ${balance.value} ${balance.currency} is stated beside the cash and not added to it, because OFX does not say whether cash holds it already. Compare it with the custodian's statement.`,
  );
  if (cash.length > 1)
    warnings.push(
      `Cash is stated in ${cash.map((c) => c.currency).join(' and ')}. Each is taken as money of its own; compare with the custodian's statement whether one of them is the total of all.`,
    );
  return { cash, warnings };
}
