import { z } from 'zod';
import { HOLDING_FIELDS, PLATFORMS, SECURITY_TYPES } from '../model/holding.ts';
import { command, query } from './procedure.ts';
import { gridPage, gridRequest } from './grid.ts';
import { calendarDate, count, currency, decimal, id, instant, none, note, shortText } from './values.ts';

export const HOLDING_COLUMNS = [
  'portfolio',
  'account',
  'accountNumber',
  'custodian',
  'security',
  'ticker',
  'cusip',
  'type',
  'currency',
  'quantity',
  'price',
  'marketValue',
  'costBasis',
  'asOf',
  'openConflicts',
  'sources',
  'portfolioId',
  'accountId',
  'securityId',
  'connectionId',
] as const;

export const holdingRow = z.object({
  id,
  portfolio: z.string(),
  portfolioId: id.nullable(),
  account: z.string(),
  accountId: id,
  accountNumber: z.string(),
  custodian: z.string(),
  security: z.string(),
  securityId: id,
  ticker: z.string().nullable(),
  cusip: z.string().nullable(),
  type: z.enum(SECURITY_TYPES),
  currency,
  quantity: decimal.nullable(),
  price: decimal.nullable(),
  marketValue: decimal.nullable(),
  costBasis: decimal.nullable(),
  asOf: calendarDate.nullable(),
  openConflicts: count,
  sources: count,
});
export type HoldingRow = z.infer<typeof holdingRow>;

/** Who or what a value came from. */
export const provenance = z.object({
  kind: z.enum(['platform', 'import', 'decision', 'edit', 'opening']),
  /** For a person: the name. For a platform: the connection. */
  label: z.string(),
  at: instant.nullable(),
  operationId: id.nullable(),
  batchId: id.nullable(),
  note: z.string().nullable(),
});

const holdingSource = z.object({
  recordId: id,
  connectionId: id,
  connectionName: z.string(),
  platform: z.enum(PLATFORMS),
  asOf: calendarDate.nullable(),
  /** When the source last reconciled the account with its custodian; null where it does not say. */
  reconciledOn: calendarDate.nullable(),
  modifiedAt: instant.nullable(),
  receivedAt: instant,
  operationId: id,
  values: z.record(z.enum(HOLDING_FIELDS), decimal.nullable()),
});

const totalByCurrency = z.object({ currency, marketValue: decimal, costBasis: decimal, positions: count });

export const book = {
  'app.info': query({
    summary: 'What this program is looking at',
    http: { method: 'GET', path: '/info' },
    input: none,
    output: z.object({
      firm: shortText,
      version: z.string(),
      asOf: calendarDate.nullable(),
      user: z.object({ id: z.string(), name: z.string(), role: z.string() }),
      host: z.enum(['desktop', 'headless', 'test']),
      demo: z.boolean(),
      /** Plain sentence about how secrets are kept on this machine. */
      secrets: z.string(),
    }),
    errors: [],
    access: 'viewer',
  }),
  'portfolios.list': query({
    summary: 'Portfolios and households with exact totals',
    http: { method: 'GET', path: '/portfolios' },
    input: z.strictObject({ search: z.string().max(200).default(''), limit: z.int().min(1).max(1000).default(500) }),
    output: z.object({
      total: count,
      items: z.array(
        z.object({
          id,
          name: shortText,
          accounts: count,
          positions: count,
          totals: z.array(totalByCurrency),
          openConflicts: count,
        }),
      ),
    }),
    errors: [],
    access: 'viewer',
  }),
  'portfolios.get': query({
    summary: 'One portfolio with its accounts',
    http: { method: 'GET', path: '/portfolios/:id' },
    input: z.strictObject({ id }),
    output: z.object({
      id,
      name: shortText,
      totals: z.array(totalByCurrency),
      accounts: z.array(z.object({ id, name: shortText, number: z.string(), custodian: z.string(), positions: count })),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'portfolios.create': command({
    summary: 'Make a portfolio of accounts',
    http: { method: 'POST', path: '/portfolios' },
    input: z.strictObject({ name: shortText.min(1), accountIds: z.array(id).max(1000).default([]) }),
    output: z.object({ id }),
    errors: ['not_found', 'duplicate'],
    access: 'analyst',
    audit: { event: 'portfolio_created' },
  }),
  'portfolios.holdings': query({
    summary: 'Positions of one portfolio',
    http: { method: 'GET', path: '/portfolios/:id/holdings' },
    input: gridRequest(HOLDING_COLUMNS).extend({ id }),
    output: gridPage(holdingRow),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'holdings.page': query({
    summary: 'Positions of the book, with exact totals over everything that matches',
    http: { method: 'GET', path: '/holdings' },
    input: gridRequest(HOLDING_COLUMNS),
    output: gridPage(holdingRow).extend({ totals: z.array(totalByCurrency) }),
    errors: [],
    access: 'viewer',
  }),
  'holdings.groups': query({
    summary: 'Positions summed by portfolio, account or security',
    http: { method: 'GET', path: '/holdings/groups' },
    input: gridRequest(HOLDING_COLUMNS).extend({ by: z.enum(['portfolio', 'account', 'security']) }),
    output: z.object({
      total: count,
      rows: z.array(
        z.object({
          key: id.nullable(),
          label: z.string(),
          detail: z.string(),
          currency,
          positions: count,
          quantity: decimal.nullable(),
          marketValue: decimal,
          costBasis: decimal,
          openConflicts: count,
        }),
      ),
    }),
    errors: [],
    access: 'viewer',
  }),
  'holdings.get': query({
    summary: 'One position: every value, who said it, and what each source says',
    http: { method: 'GET', path: '/holdings/:id' },
    input: z.strictObject({ id }),
    output: z.object({
      row: holdingRow,
      fields: z.array(z.object({ field: z.enum(HOLDING_FIELDS), value: decimal.nullable(), provenance })),
      sources: z.array(holdingSource),
      changes: z.array(
        z.object({
          at: instant,
          by: z.string(),
          batchId: id,
          field: z.string(),
          before: z.string().nullable(),
          after: z.string().nullable(),
        }),
      ),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'holdings.edit': command({
    summary: 'Change one value of Clearway’s book by hand',
    http: { method: 'PUT', path: '/holdings/:id' },
    input: z.strictObject({
      id,
      field: z.enum(HOLDING_FIELDS),
      value: decimal,
      /** The value the person was looking at; refused when it has changed since. */
      expected: decimal.nullable(),
      reason: note.min(1),
    }),
    output: z.object({ batchId: id }),
    errors: ['not_found', 'conflict_changed'],
    access: 'analyst',
    audit: { event: 'holding_edited' },
  }),
  'sources.payload': query({
    summary: 'The bytes a source record came from',
    http: { method: 'GET', path: '/source-records/:id/payload' },
    input: z.strictObject({ id, kind: z.enum(['holding', 'transaction', 'tax_lot', 'return']).default('holding') }),
    output: z.object({
      recordId: id,
      connectionName: z.string(),
      receivedAt: instant,
      sha256: z.string(),
      contentType: z.string(),
      bytes: count,
      /** The part of the payload that holds this record, as received. */
      excerpt: z.string(),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'accounts.list': query({
    summary: 'Accounts of the book',
    http: { method: 'GET', path: '/accounts' },
    input: z.strictObject({ search: z.string().max(200).default(''), limit: z.int().min(1).max(5000).default(1000) }),
    output: z.object({
      total: count,
      items: z.array(z.object({ id, name: shortText, number: z.string(), custodian: z.string(), portfolio: z.string() })),
    }),
    errors: [],
    access: 'viewer',
  }),
  'search.everything': query({
    summary: 'Accounts, securities and portfolios whose name or identifier contains the text',
    http: { method: 'GET', path: '/search' },
    input: z.strictObject({ text: z.string().min(1).max(100), limit: z.int().min(1).max(50).default(12) }),
    output: z.object({
      items: z.array(z.object({ kind: z.enum(['portfolio', 'account', 'security']), id, label: z.string(), detail: z.string() })),
    }),
    errors: [],
    access: 'viewer',
  }),
};
