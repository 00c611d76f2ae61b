import { createHash } from 'node:crypto';
import { AppError } from '../../shared/contract/errors.ts';
import type { JobContext } from '../store/job.ts';
import type { WritableDb } from '../store/handles.ts';
import type { QuarantinedRecord } from '../connectors/connector.ts';
import { transit } from './operation-status.ts';
import { rememberPage } from './page-memory.ts';
import { compress, type EncodedPage } from './staged-page.ts';

export interface Payload {
  readonly contentType: string;
  /** As received. Null when it is that of the page before. */
  readonly body: Uint8Array | null;
}

export interface StageArgs {
  readonly operationId: number;
  readonly seq: number;
  /** Where to go on after this page; null after the last. */
  readonly cursor: string | null;
  readonly payload: Payload;
  readonly page: EncodedPage;
  readonly records: number;
  readonly quarantined: readonly QuarantinedRecord[];
  readonly expected: number | null;
}

/** Keeps a payload once, by content; answers its id. */
function storePayload(db: WritableDb, contentType: string, body: Uint8Array, receivedAt: string): number {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const existing = db.prepare('SELECT id FROM raw_payloads WHERE sha256 = ?').pluck().get(sha256) as number | undefined;
  if (existing !== undefined) return existing;
  return db
    .prepare('INSERT INTO raw_payloads (sha256, content_type, bytes, body, received_at) VALUES (?, ?, ?, ?, ?)')
    .run(sha256, contentType, body.byteLength, compress(body), receivedAt).lastInsertRowid as number;
}

function payloadOfPageBefore(db: WritableDb, operationId: number, seq: number): number {
  const id = db
    .prepare('SELECT payload_id FROM staged_pages WHERE operation_id = ? AND seq = ?')
    .pluck()
    .get(operationId, seq - 1) as number | undefined;
  if (id === undefined) throw new Error('A page refers to a payload that was never stored.');
  return id;
}

/**
 * Stores one page of a pass together with the cursor behind it, so that the cursor is never ahead of the rows. Refuses
 * pages of an operation that is no longer fetching (cancelled, or taken over), so a stray page cannot slip in.
 */
export function stagePage(db: WritableDb, args: StageArgs, context: JobContext): { pages: number; records: number } {
  const operation = db.prepare('SELECT status, pages, records FROM sync_operations WHERE id = ?').get(args.operationId) as
    | { status: string; pages: number; records: number }
    | undefined;
  if (operation?.status !== 'fetching') throw new AppError('cancelled', 'This sync was stopped; nothing of it was applied.');
  if (operation.pages !== args.seq) throw new Error(`Page ${args.seq} arrived where page ${operation.pages} was due.`);

  const { contentType, body } = args.payload;
  const payloadId =
    body === null ? payloadOfPageBefore(db, args.operationId, args.seq) : storePayload(db, contentType, body, context.now());
  const text = (json: string): Uint8Array => compress(Buffer.from(json));
  const holdings = text(args.page.holdings);
  db.prepare(
    'INSERT INTO staged_pages (operation_id, seq, payload_id, records, entities, holdings) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(args.operationId, args.seq, payloadId, args.records, text(args.page.entities), holdings);
  rememberPage(db, args.operationId, args.seq, args.page.holdings, holdings.byteLength);
  const quarantine = db.prepare(
    'INSERT INTO quarantined_records (operation_id, payload_id, external_id, reason, path, raw) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const q of args.quarantined)
    quarantine.run(args.operationId, payloadId, q.externalId, q.reason, q.path, q.raw.slice(0, 4000));

  const pages = operation.pages + 1;
  const records = operation.records + args.records;
  transit(db, args.operationId, args.cursor === null ? 'last_page_staged' : 'page_staged', context.now(), {
    pages,
    records,
    cursor: args.cursor,
    ...(args.expected === null ? {} : { expected: args.expected }),
    wait_reason: null,
    wait_until: null,
  });
  return { pages, records };
}
