const NUMBER = /^-?\d+(\.\d+)?$/;
/** Characters that make a spreadsheet read a cell as a formula, with their full-width forms. */
const FORMULA = new Set(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
const CONTROL = new Set(['\t', '\r', '\n', '\0']);
const MARK = "'";

export type CsvCell =
  | { readonly text: string | null }
  /** Canonical decimal text; anything else is treated as text. */
  | { readonly amount: string | null };

/** Looks past blanks and our own mark too: a text that looks marked already gets another, so that removing one is exact. */
function isDangerous(text: string): boolean {
  let i = 0;
  while (text.charAt(i) === MARK) i += 1;
  if (CONTROL.has(text.charAt(i))) return true;
  while (i < text.length && (text.charAt(i) === MARK || text.charAt(i).trim() === '')) i += 1;
  return FORMULA.has(text.charAt(i));
}

const quote = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function cellText(cell: CsvCell): string {
  const isAmount = 'amount' in cell;
  const text = (isAmount ? cell.amount : cell.text) ?? '';
  if (isAmount && NUMBER.test(text)) return text;
  return quote(isDangerous(text) ? `${MARK}${text}` : text);
}

/**
 * RFC 4180 text with CRLF line ends. Text cells that a spreadsheet could take for a formula begin with an apostrophe,
 * which spreadsheets do not show.
 */
export function csvText(rows: Iterable<readonly CsvCell[]>): string {
  let text = '';
  for (const row of rows) text += `${row.map(cellText).join(',')}\r\n`;
  return text;
}
