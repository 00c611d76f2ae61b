import { ONE } from '../../shared/model/decimal.ts';
import type { HoldingRecord, SecurityRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import type { Linked } from './identity.ts';
import { pairKey, type BookRow, type PageView, type SourceVersion } from './page-view.ts';
import type { PositionWriter } from './value-writer.ts';
import type { Presence } from './presence.ts';
import { isUnchanged, type SourceVersions } from './source-versions.ts';

interface Counts {
  added: number;
  changed: number;
  unchanged: number;
  adopted: number;
  unlinked: number;
}

interface Parts {
  readonly connectionId: number;
  readonly operationId: number;
  readonly batchId: number;
  readonly counts: Counts;
  readonly accountFor: (externalId: string) => Linked;
  readonly securityFor: (externalId: string) => Linked;
  readonly securities: ReadonlyMap<string, SecurityRecord>;
  readonly positions: PositionWriter;
  readonly presence: Presence;
  readonly versions: SourceVersions;
  /** Called for every record; may throw to stop the merge. */
  readonly step: () => void;
}

export interface PageMerge {
  merge(page: PageView, records: readonly HoldingRecord[], payloadId: number): void;
  /** Newest date of the records so far; null before the first. */
  asOf(): string | null;
  /** Accounts with a position that is not tied yet: which of Clearway's positions it is, is not known. */
  readonly unsure: ReadonlySet<number>;
}

/** Records of the source as they stood before this page changed them. */
interface Touched {
  readonly before: readonly SourceVersion[];
  asOf: string;
}

/**
 * Versions the records of a page and applies the three-way rule to the positions they changed, each once and after all of
 * its records are known, so that the order of records makes no difference.
 */
export function createPageMerge(db: WritableDb, parts: Parts): PageMerge {
  const { connectionId, operationId, batchId, counts, accountFor, securityFor, positions, presence, versions } = parts;
  const currencies = new Map(db.prepare('SELECT id, currency FROM securities').raw().all() as [number, string][]);
  const currencyOf = (securityId: number): string => {
    const currency = currencies.get(securityId);
    if (currency === undefined) throw new Error(`Security ${securityId} is tied to a source but is not in the book.`);
    return currency;
  };
  const insertHolding = db.prepare(
    `INSERT INTO holdings (account_id, security_id, status, quantity, price, market_value, cost_basis, currency, as_of, origin, created_batch)
     VALUES (?, ?, 'held', ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const origin = `s:${connectionId}:${operationId}`;
  const unsure = new Set<number>();
  let asOf: string | null = null;

  /** False when nothing about the record or the position it belongs to is new. */
  function isNews(current: SourceVersion | null, record: HoldingRecord, linked: boolean, row: BookRow | undefined): boolean {
    if (!current || !isUnchanged(current, record)) return true;
    return linked && (row === undefined || row.id !== current.holdingId);
  }

  function create(page: PageView, pair: string, record: HoldingRecord, accountId: number, securityId: number): BookRow {
    const currency = record.currency ?? currencyOf(securityId);
    const { quantity, price, marketValue, costBasis } = record;
    const id = insertHolding.run(
      accountId,
      securityId,
      quantity,
      price,
      marketValue,
      costBasis,
      currency,
      record.asOf,
      origin,
      batchId,
    ).lastInsertRowid as number;
    const row: BookRow = {
      id,
      accountId,
      currency,
      status: 'held',
      quantity,
      price,
      marketValue,
      costBasis,
      asOf: record.asOf,
      origin,
      fieldOrigins: null,
      openingBase: null,
      multiplier: parts.securities.get(record.securityExternalId)?.multiplier ?? ONE,
    };
    counts.adopted += 1;
    page.rows.set(pair, row);
    presence.appeared(id, record.asOf);
    return row;
  }

  function judge(page: PageView, pair: string, touched: Touched, created: boolean): void {
    const row = page.rows.get(pair) as BookRow;
    if (created) {
      // A second record of a position that the book took from the first a moment ago: neither of them alone is the position.
      counts.adopted -= 1;
      positions.merge(page, pair, positions.clear(row), touched.before);
    } else if (row.status === 'held') positions.merge(page, pair, row, touched.before);
    else {
      // Nobody had reported it since it was closed: what stands there is of that time.
      const stale = touched.before.length === 0 && (page.sources.get(row.id) ?? []).every((s) => s.connectionId === connectionId);
      const fresh = stale ? positions.clear(row) : row;
      if (presence.reopen(row, touched.asOf)) positions.merge(page, pair, { ...fresh, status: 'held' }, touched.before);
      else positions.follow(page, fresh);
    }
  }

  return {
    unsure,
    asOf: () => asOf,
    merge(page, records, payloadId) {
      const created = new Set<string>();
      const touched = new Map<string, Touched>();
      for (const record of records) {
        parts.step();
        if (asOf === null || record.asOf > asOf) asOf = record.asOf;
        const accountId = accountFor(record.accountExternalId);
        const securityId = securityFor(record.securityExternalId);
        const linked = accountId !== null && securityId !== null;
        if (!linked) counts.unlinked += 1;
        if (!linked && accountId !== null) unsure.add(accountId);
        const pair = linked ? pairKey(accountId, securityId) : '';
        const row = linked ? page.rows.get(pair) : undefined;
        const current = page.versions.get(record.externalId) ?? null;
        if (!isNews(current, record, linked, row)) {
          counts.unchanged += 1;
          versions.seen(current as SourceVersion);
          continue;
        }
        if (current) counts.changed += 1;
        else counts.added += 1;
        if (!linked) versions.replace(page, current, record, null, payloadId);
        else if (!row) {
          versions.replace(page, current, record, create(page, pair, record, accountId, securityId).id, payloadId);
          created.add(pair);
        } else {
          const known = touched.get(pair);
          if (known) known.asOf = record.asOf;
          else touched.set(pair, { before: created.has(pair) ? [] : ownRecords(page, row.id), asOf: record.asOf });
          versions.replace(page, current, record, row.id, payloadId);
        }
      }
      for (const [pair, change] of touched) judge(page, pair, change, created.has(pair));
    },
  };

  function ownRecords(page: PageView, holdingId: number): SourceVersion[] {
    return (page.sources.get(holdingId) ?? []).filter((s) => s.connectionId === connectionId);
  }
}
