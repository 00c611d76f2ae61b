import { AppError, type HandlerInput, type Output } from '../../shared/contract/index.ts';
import type { ReadDb } from '../store/handles.ts';
import { createBreakQuery, type BreakRowWithCusip } from './break-rows.ts';
import { labelOf } from './break-words.ts';
import { csvText, type CsvCell } from './csv.ts';
import { existingRun } from './run-summaries.ts';

const MOST_ROWS = 200_000;

const text = (value: string | null): CsvCell => ({ text: value });
const amount = (value: string | null): CsvCell => ({ amount: value });

const COLUMNS: readonly (readonly [heading: string, cell: (row: BreakRowWithCusip) => CsvCell])[] = [
  ['Portfolio', (r) => text(r.portfolio)],
  ['Account', (r) => text(r.account)],
  ['Account number', (r) => text(r.accountNumber)],
  ['Security', (r) => text(r.security)],
  ['Ticker', (r) => text(r.ticker)],
  ['CUSIP', (r) => text(r.cusip)],
  ['Type', (r) => text(labelOf(r.type))],
  ['Side', (r) => text(r.side)],
  ['Field', (r) => text(labelOf(r.field))],
  ['Class', (r) => text(labelOf(r.class))],
  ['Why', (r) => text(r.sentence)],
  ['Severity', (r) => text(labelOf(r.severity))],
  ['Status', (r) => text(labelOf(r.status))],
  ['Clearway', (r) => amount(r.clearway)],
  ['Other side', (r) => amount(r.other)],
  ['Difference', (r) => amount(r.difference)],
  ['Impact', (r) => amount(r.impact)],
  ['Currency', (r) => text(r.currency)],
  ['Age in business days', (r) => amount(String(r.ageDays))],
  ['Can be fixed by rule', (r) => text(r.fixable ? 'Yes' : 'No')],
  ['Break id', (r) => text(r.id)],
  ['Account id', (r) => text(r.accountId)],
  ['Security id', (r) => text(r.securityId)],
];

/** Breaks of a run as CSV. Throws `not_found`, or `too_large` above 200,000 rows. */
export function exportBreaks(db: ReadDb, input: HandlerInput<'reconciliation.export'>): Output<'reconciliation.export'> {
  const runId = existingRun(db, input.id);
  const query = createBreakQuery(db, runId, input);
  const count = query.count();
  if (count > MOST_ROWS)
    throw new AppError(
      'too_large',
      `${count} breaks are more than one file can hold (${MOST_ROWS}). Filter the list and export the parts.`,
    );
  const rows = query.rows({ sort: [] }, { offset: 0, limit: MOST_ROWS });
  const lines = [COLUMNS.map(([heading]) => text(heading)), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  return {
    fileName: `reconciliation-${runId}-breaks.csv`,
    contentType: 'text/csv; charset=utf-8',
    text: csvText(lines),
    rows: rows.length,
  };
}
