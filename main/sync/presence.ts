import type { SourceValues } from '../core/source-record.ts';
import type { WritableDb } from '../store/handles.ts';
import type { ConflictReason, ConflictWriter } from './conflict-writer.ts';
import { BOOK_COLUMNS, type BookRow } from './page-view.ts';
import type { MergeCounts } from './value-writer.ts';

interface Options {
  readonly connectionId: number;
  readonly conflicts: ConflictWriter;
  readonly counts: MergeCounts;
}

/** What another source of the position's account says about it. */
interface Coverage {
  readonly connectionId: number;
  readonly rank: number;
  readonly holds: number;
  /** Date of its newest completed pass; null while it never completed one, and its silence says nothing. */
  readonly asOf: string | null;
}

export interface Presence {
  /** A position that was new to the book with this report: other sources of that date should know it too. */
  appeared(holdingId: number, asOf: string): void;
  /**
   * The source reports a position that the book does not hold. False when a person closed it or a better ranked source of
   * the date is without it: then it stays a question.
   */
  reopen(row: BookRow, asOf: string): boolean;
  /**
   * After a complete pass: what Clearway holds in accounts of this source and the source does not report. When every source
   * of the account has reported for this date and none holds it, no record of the account waits to be tied to the book, and
   * no person put it there, the position is closed; otherwise a person decides. Also closes questions that have answered themselves and brings the others up to date. A file lists the positions of
   * `onlyAccounts` and says nothing of other accounts, nor of cash it does not state; null: the pass speaks of everything.
   */
  compare(asOf: string, onlyAccounts: readonly number[] | null): void;
}

const reports = (connection: string) =>
  `EXISTS (SELECT 1 FROM source_holdings r WHERE r.holding_id = h.id AND r.valid_to_op IS NULL AND r.connection_id = ${connection})`;

// Files come for some accounts at a time, and some state cash alone: only positions that one listed give its silence a date.
const LISTED_AS_OF = `(SELECT max(r.as_of) FROM source_holdings r LEFT JOIN holdings p ON p.id = r.holding_id LEFT JOIN securities s ON s.id = p.security_id
  WHERE r.connection_id = l.connection_id AND r.account_external_id = l.external_id AND r.valid_to_op IS NULL AND coalesce(s.type, '') <> 'cash')`;

/** Compares whether positions exist at all, as one more field of the three-way rule. */
export function createPresence(db: WritableDb, { connectionId, conflicts, counts }: Options): Presence {
  const coverage = db.prepare(
    `SELECT DISTINCT l.connection_id AS connectionId, c.survivorship_rank AS rank, ${reports('l.connection_id')} AS holds,
       CASE c.platform WHEN 'custodian_file' THEN ${LISTED_AS_OF}
         ELSE (SELECT max(o.as_of) FROM sync_operations o WHERE o.connection_id = l.connection_id AND o.status = 'completed') END AS asOf
     FROM holdings h JOIN account_links l ON l.account_id = h.account_id AND l.connection_id <> ?
     JOIN connections c ON c.id = l.connection_id WHERE h.id = ?`,
  );
  const setStatus = db.prepare('UPDATE holdings SET status = ?, version = version + 1 WHERE id = ?');
  const dropBases = db.prepare('DELETE FROM holding_bases WHERE holding_id = ?');
  const find = db.prepare(`SELECT ${BOOK_COLUMNS} FROM holdings h JOIN securities s ON s.id = h.security_id WHERE h.id = ?`);
  const closedByPerson = db.prepare(
    `SELECT 1 FROM (SELECT settled_value FROM conflicts WHERE holding_id = ? AND field = 'presence' AND status = 'settled' ORDER BY id DESC LIMIT 1)
     WHERE settled_value = 'not_held'`,
  );
  const hasOthers =
    db.prepare("SELECT 1 FROM sync_operations WHERE connection_id <> ? AND status = 'completed' LIMIT 1").get(connectionId) !==
    undefined;
  const rank = db.prepare('SELECT survivorship_rank FROM connections WHERE id = ?').pluck().get(connectionId) as number;
  const bornAsOf = db
    .prepare(
      `SELECT o.as_of FROM holdings h JOIN batches b ON b.id = h.created_batch JOIN sync_operations o ON o.id = b.operation_id WHERE h.id = ?`,
    )
    .pluck();
  let unsure: ReadonlySet<number> | null = null;
  const newcomers: { id: number; asOf: string }[] = [];

  /** Accounts with records of which it is not known which of Clearway's positions they are. */
  const unsureAccounts = (): ReadonlySet<number> =>
    (unsure ??= new Set(
      db
        .prepare(
          `SELECT DISTINCT l.account_id FROM source_holdings r
           JOIN account_links l ON l.connection_id = r.connection_id AND l.external_id = r.account_external_id
           WHERE r.valid_to_op IS NULL AND r.holding_id IS NULL AND l.account_id IS NOT NULL`,
        )
        .pluck()
        .all() as number[],
    ));
  const othersOf = (holdingId: number): Coverage[] => coverage.all(connectionId, holdingId) as Coverage[];
  const said = (own: 'held' | 'not_held', asOf: string, others: readonly Coverage[]): SourceValues => [
    [connectionId, own, asOf],
    ...others
      .filter((o) => o.asOf !== null || o.holds === 1)
      .map((o) => [o.connectionId, o.holds === 1 ? 'held' : 'not_held', o.asOf] as const),
  ];
  const raise = (row: BookRow, sources: SourceValues): void => {
    const reason =
      row.status === 'not_held' && closedByPerson.get(row.id) !== undefined ? 'both_changed' : reasonOf(row, sources);
    const raised = conflicts.raise({
      subjectId: row.id,
      field: 'presence',
      reason,
      base: row.openingBase === null ? null : 'held',
      clearway: row.status,
      sources,
      quantity: row.quantity,
      price: row.price,
      marketValue: row.marketValue,
      multiplier: row.multiplier,
    });
    if (raised === 'opened') counts.conflictsOpened += 1;
  };

  function closePosition(row: BookRow): void {
    setStatus.run('not_held', row.id);
    dropBases.run(row.id);
    counts.adopted += 1;
    for (const field of conflicts.openFields(row.id)) if (conflicts.heal(row.id, field)) counts.conflictsHealed += 1;
  }

  /** What the book does not hold is not compared. */
  function setAside(row: BookRow): void {
    setStatus.run('not_held', row.id);
    for (const field of conflicts.openFields(row.id)) if (field !== 'presence') conflicts.heal(row.id, field);
  }

  function compareAbsent(asOf: string, onlyAccounts: readonly number[] | null): void {
    const scope =
      onlyAccounts === null ? '' : "AND s.type <> 'cash' AND l.account_id IN (SELECT value FROM json_each(@accounts))";
    const absent = db
      .prepare(
        `SELECT DISTINCT ${BOOK_COLUMNS} FROM account_links l JOIN holdings h ON h.account_id = l.account_id
         JOIN securities s ON s.id = h.security_id
         WHERE l.connection_id = @connection ${scope} AND h.status = 'held' AND NOT ${reports('@connection')}`,
      )
      .all({
        connection: connectionId,
        ...(onlyAccounts === null ? {} : { accounts: JSON.stringify(onlyAccounts) }),
      }) as BookRow[];
    for (const row of absent) {
      if (row.quantity === '0') continue;
      const others = othersOf(row.id);
      const holders = others.filter((o) => o.holds === 1);
      const silent = others.some((o) => o.holds === 0 && (o.asOf === null || o.asOf < asOf));
      if (holders.length === 0 && !silent && !touchedByPerson(row) && !unsureAccounts().has(row.accountId)) {
        closePosition(row);
        continue;
      }
      // New with this date at lower ranked sources only: not taken into the book against a better ranked source's silence.
      const unfounded =
        row.openingBase === null &&
        !touchedByPerson(row) &&
        bornAsOf.get(row.id) === asOf &&
        holders.length > 0 &&
        holders.every((o) => o.rank > rank);
      if (unfounded) setAside(row);
      raise(unfounded ? { ...row, status: 'not_held' } : row, said('not_held', asOf, others));
    }
  }

  function compareNewcomers(): void {
    for (const { id, asOf } of newcomers) {
      const others = othersOf(id);
      const without = others.filter((o) => o.holds === 0 && o.asOf === asOf);
      if (without.length === 0) continue;
      const row = find.get(id) as BookRow;
      const unfounded = without.some((o) => o.rank < rank);
      if (unfounded) setAside(row);
      raise(unfounded ? { ...row, status: 'not_held' } : row, said('held', asOf, others));
    }
  }

  function reviewOpen(asOf: string, onlyAccounts: readonly number[] | null): void {
    const scope =
      onlyAccounts === null
        ? ''
        : `AND (${reports('@connection')} OR (s.type <> 'cash' AND l.account_id IN (SELECT value FROM json_each(@accounts))))`;
    const open = db
      .prepare(
        `SELECT DISTINCT ${BOOK_COLUMNS}, ${reports('@connection')} AS holds FROM conflicts c JOIN holdings h ON h.id = c.holding_id
         JOIN securities s ON s.id = h.security_id JOIN account_links l ON l.account_id = h.account_id AND l.connection_id = @connection
         WHERE c.field = 'presence' AND c.status IN ('open', 'review') ${scope}`,
      )
      .all({
        connection: connectionId,
        ...(onlyAccounts === null ? {} : { accounts: JSON.stringify(onlyAccounts) }),
      }) as (BookRow & {
      holds: number;
    })[];
    for (const row of open) {
      const sources = said(row.holds === 1 ? 'held' : 'not_held', asOf, othersOf(row.id));
      if (sources.some(([, value]) => value !== row.status)) raise(row, sources);
      else if (conflicts.heal(row.id, 'presence')) counts.conflictsHealed += 1;
    }
  }

  return {
    appeared: (holdingId, asOf) => void (hasOthers && newcomers.push({ id: holdingId, asOf })),
    reopen(row, asOf) {
      const others = othersOf(row.id);
      // While it is a question already, a new day of one source alone does not answer it.
      const asked = conflicts.openFields(row.id).includes('presence');
      const against = others.some((o) => o.holds === 0 && o.rank < rank && (o.asOf === asOf || (asked && o.asOf !== null)));
      if (against || closedByPerson.get(row.id) !== undefined) {
        raise(row, said('held', asOf, others));
        return false;
      }
      setStatus.run('held', row.id);
      return true;
    },
    compare(asOf, onlyAccounts) {
      compareAbsent(asOf, onlyAccounts);
      compareNewcomers();
      reviewOpen(asOf, onlyAccounts);
    },
  };
}

const touchedByPerson = (row: BookRow): boolean =>
  (row.openingBase === null && row.origin.startsWith('b:')) || (row.fieldOrigins?.includes('"b:') ?? false);

const reasonOf = (row: BookRow, sources: SourceValues): ConflictReason =>
  row.openingBase === null && sources.filter(([, value]) => value === 'held').length === 1
    ? 'only_at_source'
    : 'missing_at_source';
