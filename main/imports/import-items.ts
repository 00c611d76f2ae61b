import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { AccountState } from './account-state.ts';
import type { Change, LoggedTable, Row } from './change-log.ts';

/** A statement that an import brought, by the external id of its account. */
export interface ImportedStatement {
  readonly statement: string;
  readonly asOf: string;
  /** False when the book was ahead of it and only its transactions were taken. */
  readonly positions: boolean;
}

const KIND: Readonly<Record<LoggedTable, 'holding' | 'conflict' | 'transaction' | 'source'>> = {
  holdings: 'holding',
  conflicts: 'conflict',
  source_transactions: 'transaction',
  source_holdings: 'source',
  holding_bases: 'source',
  book_records: 'source',
  record_bases: 'source',
  account_links: 'source',
  security_links: 'source',
  accounts: 'source',
  securities: 'source',
};
/** Records of sources never change once written, they are only ended; the file itself has the rest. */
const IMMUTABLE: ReadonlySet<LoggedTable> = new Set<LoggedTable>(['source_holdings', 'source_transactions']);

const pick = (row: Row, columns: readonly string[]): Row => Object.fromEntries(columns.map((c) => [c, row[c] ?? null]));

/** Only what differs, where the row was there before and after. */
function trimmed({ table, before, after, ...rest }: Change): Change {
  if (before && after) {
    const columns = Object.keys(after).filter((c) => before[c] !== after[c]);
    return { table, ...rest, before: pick(before, columns), after: pick(after, columns) };
  }
  return { table, ...rest, before, after: after && IMMUTABLE.has(table) ? pick(after, ['valid_to_op']) : after };
}

interface Wrapped {
  readonly table: LoggedTable;
  readonly key: Change['key'];
  readonly row: Row | null;
}

/** Keeps what an import brought and changed as items of its batch. Positions stand plainly, so that their history shows them. */
export function writeImportItems(
  db: WritableDb,
  batchId: number,
  connectionId: number,
  accounts: readonly AccountState[],
  changes: readonly Change[],
): void {
  const insert = db.prepare('INSERT INTO batch_items (batch_id, seq, kind, subject_id, before, after) VALUES (?, ?, ?, ?, ?, ?)');
  let seq = 0;
  const add = (kind: string, subject: number, before: object, after: object): void =>
    void insert.run(batchId, seq++, kind, subject, JSON.stringify(before), JSON.stringify(after));
  for (const { record, asOf, older } of accounts)
    add('source', connectionId, {}, { statement: record.externalId, asOf, positions: !older } satisfies ImportedStatement);
  for (const change of changes.map(trimmed)) {
    const { table, key, before, after } = change;
    const subject = Number(key[0]);
    if (table === 'holdings') add('holding', subject, before ?? {}, after ?? {});
    else add(KIND[table], subject, { table, key, row: before } satisfies Wrapped, { table, key, row: after } satisfies Wrapped);
  }
}

/** What `writeImportItems` kept. Rows hold only the columns that changed, unless the row was made or removed. */
export function readImportItems(db: ReadDb, batchId: number): { statements: ImportedStatement[]; changes: Change[] } {
  const rows = db
    .prepare('SELECT kind, subject_id AS subject, before, after FROM batch_items WHERE batch_id = ? ORDER BY seq')
    .all(batchId) as {
    kind: string;
    subject: number;
    before: string;
    after: string;
  }[];
  const statements: ImportedStatement[] = [];
  const changes: Change[] = [];
  for (const row of rows) {
    const before = JSON.parse(row.before) as Row | Wrapped;
    const after = JSON.parse(row.after) as Row | Wrapped | ImportedStatement;
    if (row.kind === 'holding') {
      const made = Object.keys(before).length === 0;
      changes.push({ table: 'holdings', key: [row.subject], before: made ? null : (before as Row), after: after as Row });
    } else if ('statement' in after) statements.push(after as ImportedStatement);
    else {
      const { table, key, row: now } = after as Wrapped;
      changes.push({ table, key, before: (before as Wrapped).row, after: now });
    }
  }
  return { statements, changes };
}
