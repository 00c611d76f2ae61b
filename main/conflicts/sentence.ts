import type { ConflictRow } from '../../shared/contract/conflicts.ts';

const FIELD_WORDS = {
  quantity: 'quantity',
  price: 'price',
  marketValue: 'market value',
  costBasis: 'cost basis',
  presence: 'position',
  cash: 'cash amount',
  return: 'return',
} as const;

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? 'no platform') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/** One plain sentence: why this is a conflict. */
export function conflictSentence(
  row: Pick<ConflictRow, 'field' | 'reason' | 'base' | 'clearway' | 'sources'>,
  nameOf: (id: string) => string,
): string {
  const field = FIELD_WORDS[row.field];
  const differing = row.sources.filter((s) => s.value !== null && s.value !== row.clearway);
  const said = listed(differing.map((s) => `${nameOf(s.connectionId)} says ${s.value ?? 'nothing'}`));
  const holders = row.sources.filter((s) => s.value === 'held').map((s) => nameOf(s.connectionId));
  const absent = row.sources.filter((s) => s.value === 'not_held').map((s) => nameOf(s.connectionId));
  switch (row.reason) {
    case 'both_changed':
      return row.field === 'presence'
        ? `A person closed this position, and ${listed(holders)} reports it.`
        : `Clearway and the platform both changed the ${field} since they last agreed on ${row.base ?? 'a value'}: Clearway has ${row.clearway ?? 'none'}, ${said}.`;
    case 'sources_disagree':
      return `The platforms disagree about the ${field} for the same date: Clearway has ${row.clearway ?? 'none'}, ${said}.`;
    case 'no_base':
      return `Clearway and ${listed(differing.map((s) => nameOf(s.connectionId)))} never agreed on a ${field}: Clearway has ${row.clearway ?? 'none'}, ${said}.`;
    case 'missing_at_source':
      return holders.length === 0
        ? `Clearway holds this position and ${listed(absent)} does not report it.`
        : `${listed(holders)} ${holders.length === 1 ? 'reports' : 'report'} this position and ${listed(absent)} ${absent.length === 1 ? 'does' : 'do'} not.`;
    case 'only_at_source':
      return `Only ${listed(holders)} reports this position; ${listed(absent)} ${absent.length === 1 ? 'knows' : 'know'} the account but not the position.`;
    case 'duplicate_records':
      return `${listed(differing.map((s) => nameOf(s.connectionId)))} sent several records of this position; together they say another quantity than Clearway’s ${row.clearway ?? 'none'}.`;
  }
}
