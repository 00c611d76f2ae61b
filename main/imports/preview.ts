import type { ImportPreview } from '../../shared/contract/imports.ts';
import type { ReadDb } from '../store/handles.ts';
import { compareWithBook, type Comparison } from './comparison.ts';
import { readCustodianFile, type CustodianFile } from './read-file.ts';
import { comparisonWarnings } from './warnings.ts';

export interface PreviewArgs {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** A preview, and the state of the book it was compared with. */
export interface PreviewAnswer {
  readonly preview: Omit<ImportPreview, 'previewId'>;
  readonly fingerprint: string;
}

const MAX_ROWS = 5000;
/** What an analyst has to look at comes first when not every row can be shown. */
const IMPORTANCE = { rejected: 0, changed: 1, new: 2, unchanged: 3 } as const;

function shownRows({ rows }: Comparison): ImportPreview['rows'] {
  const all = rows.map(({ row }) => row);
  if (all.length <= MAX_ROWS) return all;
  return all.toSorted((a, b) => IMPORTANCE[a.state] - IMPORTANCE[b.state]).slice(0, MAX_ROWS);
}

const waitsFor = (state: Comparison['accounts'][number] | undefined): string | null =>
  state?.link === null ? state.reason : null;

function statementsOf({ file, institution }: CustodianFile, { accounts }: Comparison): ImportPreview['statements'] {
  const states = new Map(accounts.map((a) => [a.record.externalId, a]));
  return file.statements.map((s) => ({
    institution,
    accountNumber: s.accountId,
    account: states.get(s.accountExternalId)?.name ?? null,
    waits: waitsFor(states.get(s.accountExternalId)),
    asOf: s.asOf,
    currency: s.currency,
    checks: s.checks.flatMap(({ what, stated, computed, agrees, note }) =>
      stated === null || computed === null || agrees === null ? [] : [{ what, stated, computed, agrees, note }],
    ),
  }));
}

/** The import that already brought exactly these bytes into the book. */
export function importedBefore(db: ReadDb, sha256: string): { readonly at: string; readonly actor: string } | null {
  const row = db.prepare('SELECT at, actor FROM imports WHERE sha256 = ? AND rolled_back_by IS NULL').get(sha256) as
    | { at: string; actor: string }
    | undefined;
  return row ?? null;
}

/** Reads a file and says what importing it would do; writes nothing. Throws `unreadable_file`. */
export function previewImport(db: ReadDb, { fileName, bytes, sha256 }: PreviewArgs): PreviewAnswer {
  const read = readCustodianFile(bytes);
  const comparison = compareWithBook(db, read);
  const { format, version } = read.file;
  return {
    fingerprint: comparison.fingerprint,
    preview: {
      fileName,
      format: `OFX ${format === 'sgml' ? '1.x' : '2.x'} (${format.toUpperCase()}${version === null ? '' : ` ${version}`})`,
      alreadyImported: importedBefore(db, sha256) !== null,
      statements: statementsOf(read, comparison),
      counts: comparison.counts,
      rows: shownRows(comparison),
      warnings: comparisonWarnings(read, comparison, MAX_ROWS),
    },
  };
}
