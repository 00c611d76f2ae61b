import { AppError } from '../../shared/contract/errors.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import { HOLDING_FIELDS, type Tolerances } from '../../shared/model/holding.ts';
import type { AccountRecord, SecurityRecord, TaxLotRecord, TransactionRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { createConflictWriter } from './conflict-writer.ts';
import { linkAccounts, linkSecurities, type Linked } from './identity.ts';
import { createPageMerge } from './page-merge.ts';
import { createPageReader } from './page-view.ts';
import { transit } from './operation-status.ts';
import { createValueWriter, type PositionWriter } from './value-writer.ts';
import { createPresence } from './presence.ts';
import { assertSameFirm } from './other-firm.ts';
import { mergeRemaining } from './remaining-records.ts';
import { createSourceVersions } from './source-versions.ts';
import { createKeyedTies } from './keyed-ties.ts';
import { createRecordBook } from './record-book.ts';
import { stagedHoldings } from './page-memory.ts';
import { decodeEntities } from './staged-page.ts';
import { createStagedPerformance, mergePerformance } from './performance.ts';
import { createTransactionTies } from './transaction-ties.ts';
import { mergeTaxLots } from './tax-lots.ts';
import { mergeTransactions } from './transactions.ts';

export interface OperationCounts {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  quarantined: number;
  adopted: number;
  conflictsOpened: number;
  conflictsHealed: number;
  unlinked: number;
}

export interface MergeArgs {
  readonly operationId: number;
  readonly tolerances: Tolerances;
  /** What a file says as a whole, for an import; absent for a sync, which always speaks of the whole connection. */
  readonly file?: FileScope;
}

export interface FileScope {
  /** Newest statement date of the file. */
  readonly asOf: string;
  /**
   * External ids of the accounts of which the file lists every position, so that one it does not list is gone. It never
   * says so of cash: a statement without a cash figure does not state that there is none.
   */
  readonly listedAccounts: readonly string[];
}

interface OperationRow {
  readonly id: number;
  readonly connectionId: number;
  readonly kind: 'sync' | 'import' | 'opening';
  readonly status: string;
  readonly requestedBy: string;
  readonly acceptShrink: number;
}

const PROGRESS_EVERY = 2000;
/** A pass that would remove more than this share, and more than this many, stops and asks (docs/architecture.md). */
const SHRINK_SHARE = 5; // one in five
const SHRINK_LEAST = 10;

/** Everything the pass said: entities at once, positions page by page so that memory holds one page of them at a time. */
function readPass(db: WritableDb, operationId: number) {
  const accounts = new Map<string, AccountRecord>();
  const securities = new Map<string, SecurityRecord>();
  const transactions: { record: TransactionRecord; payloadId: number }[] = [];
  let from: CalendarDate | null = null;
  const performance = createStagedPerformance();
  let taxLots: { record: TaxLotRecord; payloadId: number }[] | null = null;
  const pages = db
    .prepare('SELECT seq, payload_id AS payloadId, entities FROM staged_pages WHERE operation_id = ? ORDER BY seq')
    .all(operationId) as { seq: number; payloadId: number; entities: Buffer }[];
  for (const page of pages) {
    const entities = decodeEntities(page.entities);
    for (const a of entities.accounts) accounts.set(a.externalId, a);
    for (const s of entities.securities) securities.set(s.externalId, s);
    // A pass that was resumed with another window is complete only where both are.
    if (entities.transactionsFrom && (from === null || entities.transactionsFrom > from)) from = entities.transactionsFrom;
    for (const record of entities.transactions) transactions.push({ record, payloadId: page.payloadId });
    performance.add(entities, page.payloadId);
    if (entities.taxLots) {
      taxLots ??= [];
      for (const record of entities.taxLots) taxLots.push({ record, payloadId: page.payloadId });
    }
  }
  return {
    accounts,
    securities,
    transactions,
    transactionsFrom: () => from,
    performance,
    taxLots: () => taxLots,
    holdings: () => stagedHoldings(db, operationId, pages),
  };
}

/**
 * Applies a completely staged pass in the caller's transaction: versions the source records, ties them to the book,
 * applies the three-way rule, compares presence, and finishes the operation. A crash before the commit leaves the pass
 * staged, and merging it again gives the same result.
 */
export function mergeOperation(
  db: WritableDb,
  { operationId, tolerances, file }: MergeArgs,
  context: JobContext,
): OperationCounts {
  const operation = readOperation(db, operationId);
  if (operation.status !== 'staged' && operation.status !== 'merging')
    throw new AppError('cancelled', 'This sync was stopped; nothing of it was applied.');
  const { connectionId } = operation;
  const now = context.now();
  const counts: OperationCounts = {
    added: 0,
    changed: 0,
    unchanged: 0,
    removed: 0,
    adopted: 0,
    conflictsOpened: 0,
    conflictsHealed: 0,
    unlinked: 0,
    quarantined: db.prepare('SELECT count(*) FROM quarantined_records WHERE operation_id = ?').pluck().get(operationId) as number,
  };
  const batchId = db
    .prepare('INSERT INTO batches (uid, kind, actor, at, summary, operation_id) VALUES (?, ?, ?, ?, ?, ?)')
    .run(context.uuid(), operation.kind === 'import' ? 'import' : 'sync', operation.requestedBy, now, '', operationId)
    .lastInsertRowid as number;

  const pass = readPass(db, operationId);
  if (!file) assertSameFirm(db, connectionId, pass.accounts);
  const accountOf = linkAccounts(db, connectionId, batchId, pass.accounts, file ? 'ask' : 'new');
  const securityOf = linkSecurities(db, connectionId, batchId, pass.securities);
  const conflicts = createConflictWriter(db, 'position', operationId, now);
  const positions: PositionWriter = createValueWriter(db, {
    kind: 'position',
    fields: HOLDING_FIELDS,
    several: 'doubtful',
    connectionId,
    operationId,
    tolerances,
    conflicts,
    counts,
  });
  const versions = createSourceVersions(db, connectionId, operationId);

  const accountFor = (externalId: string): Linked =>
    accountOf.get(externalId) ?? lookUp(db, 'account', connectionId, externalId, accountOf);
  const securityFor = (externalId: string): Linked =>
    securityOf.get(externalId) ?? lookUp(db, 'security', connectionId, externalId, securityOf);
  const reader = createPageReader(db, connectionId, accountFor, securityFor);
  const presence = createPresence(db, { connectionId, conflicts, counts });
  let done = 0;
  const pages = createPageMerge(db, {
    connectionId,
    operationId,
    batchId,
    counts,
    accountFor,
    securityFor,
    securities: pass.securities,
    positions,
    presence,
    versions,
    step() {
      done += 1;
      if (done % PROGRESS_EVERY !== 0) return;
      context.progress({ done, total: null });
      if (context.cancelled()) throw new AppError('cancelled', 'This sync was stopped; nothing of it was applied.');
    },
  });
  for (const { payloadId, records } of pass.holdings()) pages.merge(reader.read(records), records, payloadId);

  const isSetAside = setAsideIn(db, operationId);
  const isSpokenOf = file
    ? createScope(db, file, securityFor)
    : (account: string, _security: string, record: string) => !isSetAside(account) && !isSetAside(record);
  const gone = versions.closeUnseen(isSpokenOf, (removed, total) => {
    if (operation.acceptShrink === 0 && !file && removed > SHRINK_LEAST && removed * SHRINK_SHARE > total)
      throw new AppError(
        'suspicious_shrink',
        `This pass would remove ${removed} of ${total} positions, so it was stopped and nothing was changed. If that is right, sync again and accept it.`,
        { details: { removed, total } },
      );
  });
  counts.removed = gone.length;
  if (gone.length > 0) mergeRemaining(db, gone, { connectionId, reader, positions });
  const listed = file?.listedAccounts.map(accountFor).filter((id): id is number => id !== null && !pages.unsure.has(id)) ?? null;
  const asOf = newest(file?.asOf ?? null, pages.asOf());
  if (asOf !== null) presence.compare(asOf, listed);
  const acceptShrink = operation.acceptShrink !== 0;
  const into = { connectionId, operationId, acceptShrink, isSetAside, accountFor, securityFor };
  const records = { connectionId, operationId, batchId, tolerances, counts, now };
  mergeTransactions(db, {
    ...into,
    records: pass.transactions,
    from: pass.transactionsFrom(),
    ties: createTransactionTies(db, createRecordBook(db, 'transaction', records), connectionId),
  });
  mergePerformance(db, {
    ...into,
    staged: pass.performance,
    ties: createKeyedTies(db, createRecordBook(db, 'performance', records)),
  });
  mergeTaxLots(db, {
    ...into,
    records: pass.taxLots(),
    ties: createKeyedTies(db, createRecordBook(db, 'tax_lot', records)),
  });
  finish(db, operation, batchId, asOf, counts, now);
  return counts;
}

/** Records and accounts the source did name but that could not be read: that they are not listed does not mean they are gone. */
function setAsideIn(db: WritableDb, operationId: number): (externalId: string) => boolean {
  const named = db
    .prepare('SELECT external_id FROM quarantined_records WHERE operation_id = ? AND external_id IS NOT NULL')
    .pluck()
    .all(operationId) as string[];
  const ids = new Set(named);
  return (externalId) => ids.has(externalId);
}

function readOperation(db: WritableDb, operationId: number): OperationRow {
  const row = db
    .prepare(
      `SELECT id, connection_id AS connectionId, kind, status, requested_by AS requestedBy, accept_shrink AS acceptShrink
       FROM sync_operations WHERE id = ?`,
    )
    .get(operationId) as OperationRow | undefined;
  if (!row) throw new AppError('not_found', 'There is no such sync operation.');
  return row;
}

/** A record may name an account or security that only an earlier pass described. */
function lookUp(
  db: WritableDb,
  kind: 'account' | 'security',
  connectionId: number,
  externalId: string,
  known: Map<string, Linked>,
): Linked {
  const id = db
    .prepare(`SELECT ${kind}_id FROM ${kind}_links WHERE connection_id = ? AND external_id = ?`)
    .pluck()
    .get(connectionId, externalId) as Linked | undefined;
  known.set(externalId, id ?? null);
  return id ?? null;
}

const newest = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);

/** Whether a file speaks of an account and security even where it has no record of it. */
function createScope(db: WritableDb, file: FileScope, securityFor: (externalId: string) => Linked) {
  const cash = new Set<Linked>(db.prepare("SELECT id FROM securities WHERE type = 'cash'").pluck().all() as number[]);
  const listed = new Set(file.listedAccounts);
  return (account: string, security: string): boolean => listed.has(account) && !cash.has(securityFor(security));
}

function finish(
  db: WritableDb,
  operation: OperationRow,
  batchId: number,
  asOf: string | null,
  counts: OperationCounts,
  now: string,
): void {
  transit(db, operation.id, 'merged', now, { finished_at: now, as_of: asOf, counts: JSON.stringify(counts) });
  db.prepare('DELETE FROM staged_pages WHERE operation_id = ?').run(operation.id);
  db.prepare('UPDATE batches SET items = ?, summary = ? WHERE id = ?').run(
    counts.added + counts.changed + counts.removed,
    `${counts.added} new, ${counts.changed} changed, ${counts.removed} removed`,
    batchId,
  );
}
