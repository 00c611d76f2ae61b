import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import { HOLDING_FIELDS, type HoldingField, type Platform } from '../../shared/model/holding.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import type { ReadDb } from '../store/handles.ts';
import type { Reads } from './handler.ts';
import { holdingGroups } from './holding-groups.ts';
import { holdingById, holdingPage, holdingTotals, type CurrencyTotal } from './holding-rows.ts';
import { createProvenanceReader, originOf } from './provenance.ts';

const gone = (what: string): AppError =>
  new AppError('not_found', `There is no such ${what}. It may have been removed; refresh the list.`);
const like = (text: string): string => `%${text.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;

function portfolioTotals(db: ReadDb, portfolioIds: readonly number[]): Map<number, CurrencyTotal[]> {
  const rows = db
    .prepare(
      `SELECT a.portfolio_id AS portfolioId, h.currency, dec_sum(h.market_value) AS marketValue, dec_sum(h.cost_basis) AS costBasis, count(*) AS positions
       FROM holdings h JOIN accounts a ON a.id = h.account_id
       WHERE h.status = 'held' AND a.portfolio_id IN (SELECT value FROM json_each(?)) GROUP BY 1, 2 ORDER BY h.currency = 'USD' DESC, h.currency`,
    )
    .all(JSON.stringify(portfolioIds)) as (CurrencyTotal & { portfolioId: number })[];
  const totals = new Map<number, CurrencyTotal[]>();
  for (const { portfolioId, ...total } of rows) totals.set(portfolioId, [...(totals.get(portfolioId) ?? []), total]);
  return totals;
}

function listPortfolios(db: ReadDb, input: HandlerInput<'portfolios.list'>): Output<'portfolios.list'> {
  const pattern = like(input.search);
  const rows = db
    .prepare(
      `SELECT p.id, p.name, (SELECT count(*) FROM accounts a WHERE a.portfolio_id = p.id) AS accounts,
         (SELECT count(*) FROM accounts a JOIN holdings h ON h.account_id = a.id WHERE a.portfolio_id = p.id AND h.status = 'held') AS positions,
         (SELECT count(*) FROM accounts a JOIN holdings h ON h.account_id = a.id JOIN conflicts c ON c.holding_id = h.id
           WHERE a.portfolio_id = p.id AND c.status IN ('open', 'review')) AS openConflicts
       FROM portfolios p WHERE p.name LIKE ? ESCAPE '\\' ORDER BY p.name LIMIT ?`,
    )
    .all(pattern, input.limit) as { id: number; name: string; accounts: number; positions: number; openConflicts: number }[];
  const totals = portfolioTotals(
    db,
    rows.map((r) => r.id),
  );
  return {
    total: db.prepare("SELECT count(*) FROM portfolios WHERE name LIKE ? ESCAPE '\\'").pluck().get(pattern) as number,
    items: rows.map((r) => ({ ...r, id: String(r.id), totals: totals.get(r.id) ?? [] })),
  };
}

function getPortfolio(db: ReadDb, { id }: HandlerInput<'portfolios.get'>): Output<'portfolios.get'> {
  const row = db.prepare('SELECT id, name FROM portfolios WHERE id = ?').get(Number(id)) as
    | { id: number; name: string }
    | undefined;
  if (!row) throw gone('portfolio');
  const accounts = db
    .prepare(
      `SELECT a.id, a.name, a.number, a.custodian, (SELECT count(*) FROM holdings h WHERE h.account_id = a.id AND h.status = 'held') AS positions
       FROM accounts a WHERE a.portfolio_id = ? ORDER BY a.name`,
    )
    .all(row.id) as { id: number; name: string; number: string; custodian: string; positions: number }[];
  return {
    id,
    name: row.name,
    totals: portfolioTotals(db, [row.id]).get(row.id) ?? [],
    accounts: accounts.map((a) => ({ ...a, id: String(a.id) })),
  };
}

interface SourceRow extends Record<HoldingField, Dec | null> {
  recordId: number;
  connectionId: number;
  connectionName: string;
  platform: Platform;
  asOf: string;
  reconciledOn: CalendarDate | null;
  modifiedAt: string | null;
  receivedAt: string;
  operationId: number;
}

function getHolding(db: ReadDb, { id }: HandlerInput<'holdings.get'>): Output<'holdings.get'> {
  const row = holdingById(db, Number(id));
  const origins = db.prepare('SELECT origin, field_origins AS fieldOrigins FROM holdings WHERE id = ?').get(Number(id)) as
    | { origin: string; fieldOrigins: string | null }
    | undefined;
  if (!row || !origins) throw gone('position');
  const provenance = createProvenanceReader(db);
  const sources = db
    .prepare(
      `SELECT r.id AS recordId, r.connection_id AS connectionId, c.name AS connectionName, c.platform, r.as_of AS asOf, r.modified_at AS modifiedAt,
         p.received_at AS receivedAt, r.valid_from_op AS operationId, r.quantity, r.price, r.market_value AS marketValue, r.cost_basis AS costBasis,
         l.record ->> '$.reconciledOn' AS reconciledOn
       FROM source_holdings r JOIN connections c ON c.id = r.connection_id JOIN raw_payloads p ON p.id = r.payload_id
         LEFT JOIN account_links l ON l.connection_id = r.connection_id AND l.external_id = r.account_external_id
       WHERE r.holding_id = ? AND r.valid_to_op IS NULL ORDER BY c.survivorship_rank, r.id`,
    )
    .all(Number(id)) as SourceRow[];
  return {
    row,
    fields: HOLDING_FIELDS.map((field) => ({ field, value: row[field], provenance: provenance(originOf(origins, field)) })),
    sources: sources.map((s) => ({
      recordId: String(s.recordId),
      connectionId: String(s.connectionId),
      connectionName: s.connectionName,
      platform: s.platform,
      asOf: s.asOf as Output<'holdings.get'>['sources'][number]['asOf'],
      reconciledOn: s.reconciledOn,
      modifiedAt: s.modifiedAt,
      receivedAt: s.receivedAt,
      operationId: String(s.operationId),
      values: { quantity: s.quantity, price: s.price, marketValue: s.marketValue, costBasis: s.costBasis },
    })),
    changes: holdingChanges(db, Number(id)),
  };
}

const FIELD_OF_COLUMN: Readonly<Record<string, string>> = {
  quantity: 'quantity',
  price: 'price',
  market_value: 'marketValue',
  cost_basis: 'costBasis',
  status: 'presence',
};

function holdingChanges(db: ReadDb, id: number): Output<'holdings.get'>['changes'] {
  const rows = db
    .prepare(
      `SELECT i.kind, i.before, i.after, c.field, b.at, b.actor, b.id AS batchId FROM batch_items i JOIN batches b ON b.id = i.batch_id
       LEFT JOIN conflicts c ON i.kind = 'conflict' AND c.id = i.subject_id
       WHERE (i.kind = 'holding' AND i.subject_id = ?) OR (i.kind = 'conflict' AND i.subject_id IN (SELECT id FROM conflicts WHERE holding_id = ?))
       ORDER BY b.id DESC LIMIT 100`,
    )
    .all(id, id) as {
    kind: string;
    before: string;
    after: string;
    field: string | null;
    at: string;
    actor: string;
    batchId: number;
  }[];
  return rows.flatMap((r) => {
    const before = JSON.parse(r.before) as Record<string, string | null>;
    const after = JSON.parse(r.after) as Record<string, string | null>;
    const change = (field: string, from: string | null, to: string | null) => ({
      at: r.at,
      by: r.actor,
      batchId: String(r.batchId),
      field,
      before: from,
      after: to,
    });
    if (r.kind === 'conflict')
      return before['value'] === after['value'] ? [] : [change(r.field ?? '', before['value'] ?? null, after['value'] ?? null)];
    return Object.keys(after)
      .filter((column) => column in FIELD_OF_COLUMN && before[column] !== after[column])
      .map((column) => change(FIELD_OF_COLUMN[column] ?? column, before[column] ?? null, after[column] ?? null));
  });
}

const RECORDS: Readonly<Record<HandlerInput<'sources.payload'>['kind'], string>> = {
  holding: 'source_holdings',
  transaction: 'source_transactions',
  tax_lot: 'source_tax_lots',
  return: 'source_performance',
};

/** The stored bytes behind a source record, still compressed, for the service that cuts the record out of them. */
export function storedPayload(db: ReadDb, { id, kind }: HandlerInput<'sources.payload'>): StoredPayload {
  const row = db
    .prepare(
      `SELECT r.place, c.name AS connectionName, p.received_at AS receivedAt, p.sha256, p.content_type AS contentType, p.bytes, p.body
       FROM ${RECORDS[kind]} r JOIN raw_payloads p ON p.id = r.payload_id JOIN connections c ON c.id = r.connection_id WHERE r.id = ?`,
    )
    .get(Number(id)) as StoredPayload | undefined;
  if (!row) throw gone('source record');
  return row;
}

export interface StoredPayload {
  readonly place: string;
  readonly connectionName: string;
  readonly receivedAt: string;
  readonly sha256: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly body: Uint8Array;
}

function search(db: ReadDb, { text, limit }: HandlerInput<'search.everything'>): Output<'search.everything'> {
  const rows = db
    .prepare(
      `SELECT * FROM (SELECT 'portfolio' AS kind, id, name AS label, 'Portfolio' AS detail FROM portfolios WHERE name LIKE @p ESCAPE '\\' LIMIT @n)
       UNION ALL SELECT * FROM (SELECT 'account', id, name, number || ' · ' || custodian FROM accounts
         WHERE name LIKE @p ESCAPE '\\' OR number LIKE @p ESCAPE '\\' LIMIT @n)
       UNION ALL SELECT * FROM (SELECT 'security', id, name, concat_ws(' · ', ticker, cusip, type) FROM securities
         WHERE name LIKE @p ESCAPE '\\' OR ticker LIKE @p ESCAPE '\\' OR cusip LIKE @p ESCAPE '\\' OR isin LIKE @p ESCAPE '\\' LIMIT @n)
       LIMIT @n`,
    )
    .all({ p: like(text.trim()), n: limit }) as {
    kind: 'portfolio' | 'account' | 'security';
    id: number;
    label: string;
    detail: string;
  }[];
  return { items: rows.map((r) => ({ ...r, id: String(r.id) })) };
}

function listAccounts(db: ReadDb, input: HandlerInput<'accounts.list'>): Output<'accounts.list'> {
  const pattern = like(input.search);
  const condition = "a.name LIKE ? ESCAPE '\\' OR a.number LIKE ? ESCAPE '\\'";
  const rows = db
    .prepare(
      `SELECT a.id, a.name, a.number, a.custodian, coalesce(p.name, '') AS portfolio FROM accounts a LEFT JOIN portfolios p ON p.id = a.portfolio_id
       WHERE ${condition} ORDER BY a.name LIMIT ?`,
    )
    .all(pattern, pattern, input.limit) as { id: number; name: string; number: string; custodian: string; portfolio: string }[];
  const total = db.prepare(`SELECT count(*) FROM accounts a WHERE ${condition}`).pluck().get(pattern, pattern) as number;
  return { total, items: rows.map((r) => ({ ...r, id: String(r.id) })) };
}

/** Queries over Clearway's own book. */
export const bookReads = {
  'portfolios.list': listPortfolios,
  'portfolios.get': getPortfolio,
  'portfolios.holdings': (db, { id, ...request }) => {
    if (db.prepare('SELECT 1 FROM portfolios WHERE id = ?').get(Number(id)) === undefined) throw gone('portfolio');
    return holdingPage(db, request, { sql: 'a.portfolio_id = ?', param: Number(id) });
  },
  'holdings.page': (db, input) => ({ ...holdingPage(db, input), totals: holdingTotals(db, input) }),
  'holdings.groups': holdingGroups,
  'holdings.get': getHolding,
  'accounts.list': listAccounts,
  'search.everything': search,
} satisfies Reads;
