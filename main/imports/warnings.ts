import type { KnownHolding } from './book-view.ts';
import type { AccountState } from './account-state.ts';
import type { Comparison } from './comparison.ts';
import type { CustodianFile } from './read-file.ts';

const MAX_LENGTH = 1000;
const MAX_LISTED = 5;

const listed = (names: readonly string[]): string =>
  names.slice(0, MAX_LISTED).join(', ') + (names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : '');
const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

const namesOf = (holdings: readonly KnownHolding[]): string =>
  listed(holdings.map((h) => `${h.securityName} (${h.quantity ?? 'no quantity'})`));

function accountWarnings(account: AccountState): string[] {
  const { record, link, reason, asOf, knownAsOf, older } = account;
  return [
    older
      ? `Account ${record.number}: the statement is as of ${asOf}, and the book already has this account as of ${knownAsOf ?? ''}. Only its transactions are imported; its positions would put older values over newer ones.`
      : '',
    link === null
      ? `Account ${record.number} waits for a person: ${reason}. Its rows are kept but do not join the book. Link the account on the Connections screen, roll this import back and import the file again.`
      : '',
  ];
}

/** Everything an analyst should know before importing: what the reader of the file remarks, and what the book makes of it. */
export function comparisonWarnings({ file }: CustodianFile, comparison: Comparison, maxRows: number): string[] {
  const { accounts, gone, kept, untied, rows } = comparison;
  const uncompared = file.statements.flatMap((s) =>
    s.checks.filter((c) => c.agrees === null).map((c) => `${s.accountId}: ${c.what}: ${c.note}`),
  );
  const warnings = [
    ...accounts.flatMap(accountWarnings),
    gone.length === 0
      ? ''
      : `${count(gone.length, 'position', 'positions')} of an earlier statement ${gone.length === 1 ? 'is' : 'are'} not in this one and will count as no longer held by the custodian: ${namesOf(gone)}.`,
    kept.length === 0
      ? ''
      : `The file says nothing about ${count(kept.length, 'figure', 'figures')} of an earlier statement, which ${kept.length === 1 ? 'stays' : 'stay'} as before: ${namesOf(kept)}.`,
    untied.length === 0
      ? ''
      : `${count(untied.length, 'security waits', 'securities wait')} for a person before joining the book: ${listed(untied.map((s) => s.name))}. Link on the Connections screen, roll this import back and import the file again.`,
    rows.length > maxRows
      ? `The file has ${rows.length} rows; the ${maxRows} that matter most are shown, and all are imported.`
      : '',
    ...file.warnings,
    ...file.statements.flatMap((s) => s.warnings),
    ...uncompared,
  ];
  return [...new Set(warnings)].filter((w) => w !== '').map((w) => (w.length > MAX_LENGTH ? `${w.slice(0, MAX_LENGTH)}…` : w));
}
