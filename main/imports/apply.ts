import { AppError } from '../../shared/contract/errors.ts';
import type { Output } from '../../shared/contract/index.ts';
import type { Tolerances } from '../../shared/model/holding.ts';
import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import type { WriteContext } from '../store/run-job.ts';
import { syncJobs } from '../sync/jobs.ts';
import { encodeStagedPage } from '../sync/staged-page.ts';
import { logChanges } from './change-log.ts';
import { compareWithBook, type Comparison } from './comparison.ts';
import { writeImportItems } from './import-items.ts';
import { openInstitution } from './institution.ts';
import { importedBefore, type PreviewArgs } from './preview.ts';
import { readCustodianFile, type CustodianFile } from './read-file.ts';

export interface ApplyArgs extends PreviewArgs {
  /** Of the preview that the person saw. */
  readonly fingerprint: string;
  readonly tolerances: Tolerances;
}

const ACCOUNTS_NAMED = 3;

function assertAsPreviewed(db: WritableDb, { sha256, fingerprint }: ApplyArgs, comparison: Comparison): void {
  const earlier = importedBefore(db, sha256);
  if (earlier)
    throw new AppError(
      'conflict_changed',
      `This file is in the book already: ${earlier.actor} imported it on ${earlier.at.slice(0, 10)}. Nothing was changed. Roll that import back to import the file again.`,
      { details: { alreadyImported: true } },
    );
  if (comparison.fingerprint !== fingerprint)
    throw new AppError(
      'conflict_changed',
      'The book changed since this preview, so the import would do something else. Nothing was changed. Preview the file again.',
      {
        details: { alreadyImported: false },
      },
    );
}

/** Stages and merges the file as one operation of the institution's connection. */
function bringIn(
  db: WritableDb,
  connectionId: number,
  read: CustodianFile,
  { page, accounts }: Comparison,
  args: ApplyArgs,
  context: JobContext,
) {
  const { operationId } = syncJobs['sync/begin'](db, { connectionId, kind: 'import', acceptShrink: true }, context);
  const records = page.holdings.length + page.transactions.length;
  syncJobs['sync/stage'](
    db,
    {
      operationId,
      seq: 0,
      cursor: null,
      expected: null,
      records,
      page: encodeStagedPage(page),
      quarantined: page.quarantined,
      payload: { contentType: page.contentType, body: args.bytes },
    },
    context,
  );
  const listedAccounts = accounts.filter((a) => a.listed).map((a) => a.record.externalId);
  const file = { asOf: read.asOf, listedAccounts };
  return { operationId, merged: syncJobs['sync/merge'](db, { operationId, tolerances: args.tolerances, file }, context) };
}

/**
 * Imports the previewed bytes in the caller's transaction: all of it or nothing. Throws `conflict_changed` when the file is
 * in the book already or the book has moved on since the preview, `unreadable_file` as the preview does.
 */
export function applyImport(db: WritableDb, args: ApplyArgs, context: WriteContext): Output<'imports.apply'> {
  const read = readCustodianFile(args.bytes);
  const comparison = compareWithBook(db, read);
  assertAsPreviewed(db, args, comparison);
  const { counts, accounts, rows } = comparison;
  const connectionId = openInstitution(db, read.institution, context);
  const { result, changes } = logChanges(db, () => bringIn(db, connectionId, read, comparison, args, context));
  const { operationId, merged } = result;

  const batchId = db.prepare('SELECT id FROM batches WHERE operation_id = ?').pluck().get(operationId) as number;
  writeImportItems(db, batchId, connectionId, accounts, changes);
  db.prepare('UPDATE batches SET summary = ?, items = ? WHERE id = ?').run(
    `Imported ${args.fileName}: ${counts.new} new, ${counts.changed} changed`.slice(0, 200),
    changes.length,
    batchId,
  );
  const named =
    accounts.length <= ACCOUNTS_NAMED ? accounts.map((a) => a.record.number).join(', ') : `${accounts.length} accounts`;
  const importId = db
    .prepare(
      `INSERT INTO imports (file_name, sha256, institution, accounts, as_of, at, actor, rows, rejected, operation_id, batch_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      args.fileName,
      args.sha256,
      read.institution,
      named,
      read.asOf,
      context.now(),
      context.actor,
      rows.length,
      counts.rejected,
      operationId,
      batchId,
    ).lastInsertRowid as number;
  context.audit(`import ${importId}`, {
    file: args.fileName,
    sha256: args.sha256,
    institution: read.institution,
    accounts: named,
    asOf: read.asOf,
    batch: batchId,
    ...counts,
    conflictsOpened: merged.conflictsOpened,
  });
  return {
    importId: String(importId),
    operationId: String(operationId),
    added: counts.new,
    changed: counts.changed,
    unchanged: counts.unchanged,
    rejected: counts.rejected,
    conflictsOpened: merged.conflictsOpened,
  };
}
