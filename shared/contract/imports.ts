import { z } from 'zod';
import { command, query } from './procedure.ts';
import { calendarDate, count, currency, decimal, id, instant, none, note, shortText } from './values.ts';

export const IMPORT_ROW_STATES = ['new', 'changed', 'unchanged', 'rejected'] as const;

const previewRow = z.object({
  kind: z.enum(['position', 'cash', 'transaction']),
  state: z.enum(IMPORT_ROW_STATES),
  account: z.string(),
  label: z.string(),
  identifier: z.string().nullable(),
  date: calendarDate.nullable(),
  quantity: decimal.nullable(),
  price: decimal.nullable(),
  amount: decimal.nullable(),
  currency: currency.nullable(),
  /** What changed, or why it was rejected. */
  reason: note.nullable(),
});
export type ImportPreviewRow = z.infer<typeof previewRow>;

export const importPreview = z.object({
  previewId: id,
  fileName: shortText,
  format: z.string(),
  /** This exact file is in the book already. */
  alreadyImported: z.boolean(),
  statements: z.array(
    z.object({
      institution: z.string(),
      accountNumber: z.string(),
      /** The account of the book it belongs to; null when it is new or waits to be linked. */
      account: z.string().nullable(),
      /** Why the account waits for a person to link it; null when it does not. Its positions stay out of the book until then. */
      waits: z.string().nullable(),
      asOf: calendarDate,
      currency,
      /** The statement’s own figures beside the sum of its rows. */
      checks: z.array(z.object({ what: z.string(), stated: decimal, computed: decimal, agrees: z.boolean(), note: z.string() })),
    }),
  ),
  counts: z.record(z.enum(IMPORT_ROW_STATES), count),
  rows: z.array(previewRow).max(5000),
  warnings: z.array(note),
});
export type ImportPreview = z.infer<typeof importPreview>;

export const imports = {
  'imports.preview': command({
    summary: 'Read a custodian file and show what importing it would do; writes nothing',
    http: { method: 'POST', path: '/imports/preview' },
    input: z.strictObject({
      fileName: shortText.min(1),
      /** File bytes as base64; at most 20 MB decoded. */
      content: z.base64().max(28_000_000),
    }),
    output: importPreview,
    errors: ['unreadable_file', 'too_large'],
    access: 'analyst',
    audit: { none: 'Writes nothing' },
  }),
  'imports.apply': command({
    summary: 'Import the previewed file as one batch',
    http: { method: 'POST', path: '/imports' },
    input: z.strictObject({ previewId: id }),
    output: z.object({
      importId: id,
      operationId: id,
      added: count,
      changed: count,
      unchanged: count,
      rejected: count,
      conflictsOpened: count,
    }),
    errors: ['not_found', 'conflict_changed', 'unreadable_file'],
    access: 'analyst',
    audit: { event: 'file_imported' },
  }),
  'imports.list': query({
    summary: 'Files imported, newest first',
    http: { method: 'GET', path: '/imports' },
    input: none,
    output: z.object({
      items: z.array(
        z.object({
          id,
          fileName: shortText,
          institution: z.string(),
          accounts: z.string(),
          asOf: calendarDate,
          at: instant,
          by: z.string(),
          rows: count,
          rejected: count,
          rolledBack: z.boolean(),
          operationId: id,
        }),
      ),
    }),
    errors: [],
    access: 'viewer',
  }),
  'imports.rollback': command({
    summary: 'Take an import back as one unit',
    http: { method: 'POST', path: '/imports/:id/rollback' },
    input: z.strictObject({ id }),
    output: z.object({ batchId: id, removed: count, restored: count }),
    errors: ['not_found', 'already_undone', 'later_decisions'],
    access: 'analyst',
    audit: { event: 'import_rolled_back' },
  }),
};
