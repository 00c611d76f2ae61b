import type { ConflictField, HoldingField } from '../../shared/model/holding.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import type { HoldingRecord } from '../connectors/connector.ts';
import type { PositionValues } from '../core/position.ts';
import type { WritableDb } from '../store/handles.ts';
import type { ConflictReason } from './conflict-writer.ts';
import type { Linked } from './identity.ts';

/** The current version of a source record. */
export interface SourceVersion extends PositionValues {
  readonly id: number;
  readonly connectionId: number;
  readonly externalId: string;
  readonly holdingId: number | null;
  readonly accountExternalId: string;
  readonly securityExternalId: string;
  readonly currency: string | null;
  readonly asOf: string;
  readonly modifiedAt: string | null;
}

/** A row of the book as the merge sees it. */
export interface BookRow extends PositionValues {
  readonly id: number;
  readonly accountId: number;
  readonly currency: string;
  readonly status: 'held' | 'not_held';
  readonly asOf: string | null;
  readonly origin: string;
  readonly fieldOrigins: string | null;
  readonly openingBase: string | null;
  readonly multiplier: Dec;
}

export interface OpenConflict {
  readonly id: number;
  readonly signature: string;
  readonly base: Dec | null;
  readonly clearway: string | null;
  readonly reason: ConflictReason;
}
export interface SettledConflict {
  readonly signature: string;
  readonly value: string | null;
}

/** Everything the merge must know about the positions of one page, read with a few queries instead of several per record. */
export interface PageView {
  readonly versions: Map<string, SourceVersion>;
  readonly rows: Map<string, BookRow>;
  /** Current versions of every source, by position. Kept up to date as the merge writes. */
  readonly sources: Map<number, SourceVersion[]>;
  readonly bases: ReadonlyMap<number, ReadonlyMap<HoldingField, Dec | null>>;
  readonly open: ReadonlyMap<number, ReadonlyMap<ConflictField, OpenConflict>>;
  readonly settled: ReadonlyMap<number, ReadonlyMap<ConflictField, SettledConflict>>;
}

/** Record ids remembered of a first pass; beyond, the table is asked. */
const MOST_REMEMBERED = 250_000;

/** Positions of an account on a page, on average, from which on it is cheaper to ask for whole accounts. */
const FEW_ACCOUNTS = 8;

export const pairKey = (accountId: number, securityId: number): string => `${accountId}/${securityId}`;

export const BOOK_COLUMNS = `h.id, h.account_id AS accountId, h.currency, h.status, h.quantity, h.price, h.market_value AS marketValue, h.cost_basis AS costBasis, h.as_of AS asOf,
  h.origin, h.field_origins AS fieldOrigins, h.opening_base AS openingBase, s.multiplier`;

export const VERSION_COLUMNS = `id, connection_id AS connectionId, external_id AS externalId, holding_id AS holdingId,
  account_external_id AS accountExternalId, security_external_id AS securityExternalId, quantity, price, market_value AS marketValue,
  cost_basis AS costBasis, currency, as_of AS asOf, modified_at AS modifiedAt`;

/** By position or record, then by field. */
export const nested = <K, V>(rows: readonly { subjectId: number; field: K; value: V }[]): Map<number, Map<K, V>> => {
  const all = new Map<number, Map<K, V>>();
  for (const { subjectId, field, value } of rows) {
    const fields = all.get(subjectId);
    if (fields) fields.set(field, value);
    else all.set(subjectId, new Map([[field, value]]));
  }
  return all;
};

/** A conflict that is undecided or was settled, as `CONFLICT_FACTS` reads it. */
export interface ConflictFacts extends OpenConflict {
  readonly subjectId: number;
  readonly field: ConflictField;
  readonly status: string;
  readonly settledValue: string | null;
}
export const CONFLICT_FACTS = 'id, field, status, signature, base, clearway, reason, settled_value AS settledValue';

/** What is undecided and what was settled last, by position or record and field. Later ones of the list win. */
export const conflictsByField = (conflicts: readonly ConflictFacts[]): Pick<PageView, 'open' | 'settled'> => ({
  open: nested(
    conflicts.filter((c) => c.status !== 'settled').map((c) => ({ subjectId: c.subjectId, field: c.field, value: c })),
  ),
  settled: nested(
    conflicts
      .filter((c) => c.status === 'settled')
      .map((c) => ({ subjectId: c.subjectId, field: c.field, value: { signature: c.signature, value: c.settledValue } })),
  ),
});

/** Prepares the queries once per pass; `read` runs them for a page. A single-row query per record costs ten times as much. */
export function createPageReader(
  db: WritableDb,
  connectionId: number,
  accountOf: (id: string) => Linked,
  securityOf: (id: string) => Linked,
) {
  const versionsQuery = db.prepare(
    `SELECT ${VERSION_COLUMNS} FROM source_holdings
     WHERE connection_id = ? AND valid_to_op IS NULL AND external_id IN (SELECT value FROM json_each(?))`,
  );
  // In the first pass of a connection only the pass itself can have written a version.
  let firstPass =
    db.prepare('SELECT 1 FROM source_holdings WHERE connection_id = ? AND valid_to_op IS NULL LIMIT 1').get(connectionId) ===
    undefined;
  const written = new Set<string>();
  const rowsOfPairs = db.prepare(
    `SELECT ${BOOK_COLUMNS}, h.security_id AS securityId
     FROM json_each(?) j JOIN holdings h ON h.account_id = j.value ->> 0 AND h.security_id = j.value ->> 1 JOIN securities s ON s.id = h.security_id`,
  );
  const rowsOfAccounts = db.prepare(
    `SELECT ${BOOK_COLUMNS}, h.security_id AS securityId
     FROM holdings h JOIN securities s ON s.id = h.security_id WHERE h.account_id IN (SELECT value FROM json_each(?))`,
  );
  const sourcesQuery = db.prepare(
    `SELECT ${VERSION_COLUMNS} FROM source_holdings WHERE holding_id IN (SELECT value FROM json_each(?)) AND valid_to_op IS NULL ORDER BY id`,
  );
  const basesQuery = db.prepare(
    `SELECT holding_id AS subjectId, field, value FROM holding_bases
     WHERE holding_id IN (SELECT value FROM json_each(?)) AND connection_id = ?`,
  );
  const conflictsQuery = db.prepare(
    `SELECT holding_id AS subjectId, ${CONFLICT_FACTS} FROM conflicts
     WHERE holding_id IN (SELECT value FROM json_each(?)) AND status <> 'healed' ORDER BY id`,
  );

  type Named = Pick<HoldingRecord, 'externalId' | 'accountExternalId' | 'securityExternalId'>;

  /** The book's rows of the positions. Platforms list account by account, so asking by account touches few index pages. */
  function bookRows(records: readonly Named[]): Map<string, BookRow> {
    const pairs = new Map<string, string>();
    const accounts = new Set<number>();
    for (const r of records) {
      const account = accountOf(r.accountExternalId);
      const security = securityOf(r.securityExternalId);
      if (account === null || security === null) continue;
      pairs.set(pairKey(account, security), `[${account},${security}]`);
      accounts.add(account);
    }
    const byAccount = accounts.size * FEW_ACCOUNTS <= pairs.size;
    const found = byAccount
      ? rowsOfAccounts.all(`[${[...accounts].join(',')}]`)
      : rowsOfPairs.all(`[${[...pairs.values()].join(',')}]`);
    const rows = new Map<string, BookRow>();
    for (const row of found as (BookRow & { securityId: number })[]) {
      const key = pairKey(row.accountId, row.securityId);
      if (pairs.has(key)) rows.set(key, row);
    }
    return rows;
  }

  /** Of these records those that can have a current version. */
  function knownAlready(ids: readonly string[]): readonly string[] {
    if (!firstPass) return ids;
    const again = ids.filter((id) => written.has(id));
    for (const id of ids) written.add(id);
    if (written.size > MOST_REMEMBERED) {
      firstPass = false;
      written.clear();
    }
    return again;
  }

  function read(records: readonly Named[]): PageView {
    const asked = knownAlready(records.map((r) => r.externalId));
    const versionRows = (asked.length === 0 ? [] : versionsQuery.all(connectionId, JSON.stringify(asked))) as SourceVersion[];
    const rows = bookRows(records);

    const ids = JSON.stringify([...rows.values()].map((row) => row.id));
    const sources = new Map<number, SourceVersion[]>();
    for (const s of sourcesQuery.all(ids) as (SourceVersion & { holdingId: number })[]) {
      const list = sources.get(s.holdingId);
      if (list) list.push(s);
      else sources.set(s.holdingId, [s]);
    }
    return {
      versions: new Map(versionRows.map((v) => [v.externalId, v])),
      rows,
      sources,
      bases: nested(basesQuery.all(ids, connectionId) as { subjectId: number; field: HoldingField; value: Dec | null }[]),
      ...conflictsByField(conflictsQuery.all(ids) as ConflictFacts[]),
    };
  }
  return { read };
}
