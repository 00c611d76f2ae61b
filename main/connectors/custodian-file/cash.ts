import { listed } from './brief.ts';
import { cashHoldingExternalId } from './external-ids.ts';
import type { BalanceMeaning, RejectedRow, StatementBalance, StatementCash } from './statement.ts';

interface Choice {
  readonly meaning: BalanceMeaning;
  readonly reason: string;
  /** Tags of better figures: one of them that could not be read is not replaced by this one. */
  readonly after: readonly string[];
}

// The statement's own closing figure comes first. Available cash may leave out unsettled trades or holds, so it is
// taken only where nothing better is stated.
const CHOICES: readonly Choice[] = [
  { meaning: 'ending_cash', reason: 'the cash with which the statement ends', after: [] },
  { meaning: 'cash_balance', reason: 'the cash balance, because the statement names no ending cash', after: ['BAL'] },
  { meaning: 'available_cash', reason: 'available cash, because the statement names no ending cash', after: ['BAL'] },
  { meaning: 'plan_cash', reason: 'the cash of the plan, because the statement names no other', after: ['BAL', 'AVAILCASH'] },
];

function chooseOne(
  balances: readonly StatementBalance[],
  unread: ReadonlySet<string>,
): { readonly choice: Choice; readonly stated: readonly [StatementBalance, ...StatementBalance[]] } | null {
  for (const choice of CHOICES) {
    if (choice.after.some((tag) => unread.has(tag))) return null;
    const [first, ...rest] = balances.filter((balance) => balance.meaning === choice.meaning);
    if (first !== undefined) return { choice, stated: [first, ...rest] };
  }
  return null;
}

/**
 * The cash of the account, one figure per currency. Margin and short balances are not added: OFX does not say whether
 * available cash holds them already. Contradicting figures of one kind are refused (added to `rejected`), and no lesser
 * figure stands in for one that could not be read.
 */
export function chooseCash(
  accountExternalId: string,
  balances: readonly StatementBalance[],
  rejected: RejectedRow[],
): { readonly cash: readonly StatementCash[]; readonly warnings: readonly string[] } {
  const cash: StatementCash[] = [];
  const unread = Map.groupBy(rejected, (row) => row.externalId);
  for (const [currency, figures] of Map.groupBy(balances, (balance) => balance.currency)) {
    const externalId = cashHoldingExternalId(accountExternalId, currency);
    const chosen = chooseOne(figures, new Set(unread.get(externalId)?.map((row) => row.tag)));
    if (chosen === null) continue;
    const { choice, stated } = chosen;
    const [{ line, column, rate, value, name }] = stated;
    if (stated.every((balance) => balance.value === value)) {
      cash.push({ line, column, currency, rate, value, reason: `${name}: ${choice.reason}` });
    } else {
      const differing = stated.map((balance) => `${balance.value} (${balance.name}, line ${balance.line})`);
      rejected.push({
        line,
        column,
        tag: 'BAL',
        externalId,
        path: 'INVBAL',
        raw: differing.join('\n').slice(0, 4_000),
        reason: `Line ${line}: cash in ${currency} was not taken: the statement gives ${listed(differing)}.`,
      });
    }
  }
  const apart = balances.filter((balance) => ['MARGINBALANCE', 'SHORTBALANCE'].includes(balance.name) && balance.value !== '0');
  const warnings = apart.map(
    (balance) =>
      `Line ${balance.line}: ${balance.name} ${balance.value} ${balance.currency} is stated beside the cash and not added to it, because OFX does not say whether cash holds it already. Compare it with the custodian's statement.`,
  );
  if (cash.length > 1)
    warnings.push(
      `Cash is stated in ${listed(cash.map((figure) => figure.currency))}. Each is taken as money of its own; compare with the custodian's statement whether one of them is the total of all.`,
    );
  return { cash, warnings };
}
