import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contract } from '../../shared/contract/index.ts';
import { csvText } from '../../main/reconciliation/csv.ts';
import { reconciliationReads } from '../../main/reconciliation/reads.ts';
import { createTestBook } from './book.ts';

/** RFC 4180 by the letter, one character at a time; shares nothing with the writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  const endCell = (): void => {
    row.push(cell);
    cell = '';
    state = 'start';
  };
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (state === 'quoted') {
      if (c === '"') state = 'quote';
      else cell += c;
    } else if (state === 'quote' && c === '"') {
      cell += '"';
      state = 'quoted';
    } else if (c === ',') endCell();
    else if (c === '\r' && text.charAt(i + 1) === '\n') {
      endCell();
      rows.push(row);
      row = [];
      i += 1;
    } else if (c === '"' && state === 'start') state = 'quoted';
    else {
      if (c === '"' || c === '\n' || c === '\r' || state === 'quote')
        throw new Error(`Not RFC 4180 at ${i}: ${JSON.stringify(text.slice(i - 5, i + 5))}`);
      cell += c;
      state = 'plain';
    }
  }
  if (state !== 'start' || row.length > 0) throw new Error('The last line does not end.');
  return rows;
}

/** What an import does to get the text back: our mark goes when what it guards is still there. */
const unmarked = (cell: string): string => (/^'[\s']*[=+\-@＝＋－＠]|^''*[\t\r\n\0]/.test(cell) ? cell.slice(1) : cell);

const HOSTILE = [
  '=1+1',
  '+1',
  '-1+1',
  '@SUM(A1)',
  "=cmd|' /C calc'!A0",
  '\t=1',
  '\r=1',
  '\n=1',
  '\0=1',
  '＝1',
  '＋1',
  '－1',
  '＠A1',
  ' =1',
  "'=1",
  "''=1",
  "' +1",
  '-2+3+cmd|x',
  '"',
  '""',
  'a"b',
  'a,b',
  'a\r\nb',
  'a\nb',
  ',',
  '\r\n',
  ' leading',
  'trailing ',
  'plain',
  '',
  '0012',
  '1e5',
  '-12.50',
  '٣',
  "O'Neill",
  "'",
  '=HYPERLINK("http://x","y")',
  '\uFEFF=1',
  '\u00A0=1',
  'Zażółć 株式 🌲',
];
// After blanks and apostrophes, what a spreadsheet would read as the start of a formula or a command.
const looksLikeFormula = (cell: string): boolean => /^\s*[=+\-@＝＋－＠]|^[\t\r\n\0]/.test(cell);

describe('CSV text', () => {
  it('lets no text cell begin like a formula, and loses nothing', () => {
    const rows = parseCsv(csvText(HOSTILE.map((text) => [{ text }, { text: 'end' }])));
    expect(rows.map((r) => r.length)).toEqual(HOSTILE.map(() => 2));
    for (const [i, [cell = '']] of rows.entries()) {
      expect(looksLikeFormula(cell), JSON.stringify(HOSTILE[i])).toBe(false);
      expect(unmarked(cell)).toBe(HOSTILE[i]);
    }
  });

  it('does so for any text in any place', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...HOSTILE),
      fc.tuple(fc.constantFrom(...HOSTILE), fc.string()).map((p) => p.join('')),
    );
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
        const parsed = parseCsv(csvText(rows.map((row) => row.map((cell) => ({ text: cell })))));
        expect(parsed.flat().some(looksLikeFormula)).toBe(false);
        expect(parsed.map((row) => row.map(unmarked))).toEqual(rows);
      }),
    );
  });

  it('leaves amounts as they are, and treats what is no amount as text', () => {
    const amounts = ['-12.5', '0', '1234567890123456789.00000001', '-2+3+cmd|x', '1e5', '+1', '.5', '-', 'held', null];
    expect(parseCsv(csvText([amounts.map((amount) => ({ amount }))]))).toEqual([
      ['-12.5', '0', '1234567890123456789.00000001', "'-2+3+cmd|x", '1e5', "'+1", '.5', "'-", 'held', ''],
    ]);
  });
});

describe('the export of a run', () => {
  it('carries every break with hostile names made harmless', () => {
    const book = createTestBook();
    const orion = book.connection('orion', '+Orion');
    const account = book.account('=HYPERLINK("x")', [orion], '@household');
    const security = book.security('-2+3,"quoted"\r\nnext', { ticker: '=T', cusip: '037833100' });
    const held = { quantity: '100', price: '180', marketValue: '18000', costBasis: '9000' };
    book.record(orion, book.holding(account, security, held), { ...held, costBasis: '8999.5' });
    book.holding(account, book.security('Alder'), held);
    const id = book.run();
    const file = contract['reconciliation.export'].output.parse(
      reconciliationReads['reconciliation.export'](book.db, contract['reconciliation.export'].input.parse({ id })),
    );
    expect(file).toMatchObject({ fileName: 'reconciliation-1-breaks.csv', contentType: 'text/csv; charset=utf-8', rows: 1 });
    expect(file.text.startsWith('Portfolio,Account,Account number,Security,')).toBe(true);
    const [heading = [], first = []] = parseCsv(file.text);
    const cell = (name: string): string => first[heading.indexOf(name)] ?? 'no such column';
    expect(cell('Account')).toBe(`'=HYPERLINK("x")`);
    expect(cell('Portfolio')).toBe(`'@household`);
    expect(cell('Side')).toBe(`'+Orion`);
    // missing: 0.5 of cost basis is within 9000 x 0.0001 = 0.9
    expect([cell('Field'), cell('Class'), cell('Clearway'), cell('Other side'), cell('Impact'), cell('Security id')]).toEqual([
      'Held or not',
      'Missing',
      'held',
      'not_held',
      '18000',
      '2',
    ]);
  });

  it('keeps negative differences as numbers and exports only what the filter lets through', () => {
    const book = createTestBook();
    const orion = book.connection('orion', 'Orion');
    const account = book.account('Birchwood family trust', [orion]);
    book.record(orion, book.holding(account, book.security('-dash'), { quantity: '100', price: '2' }), {
      quantity: '90.5',
      price: '2',
    });
    book.record(orion, book.holding(account, book.security('Beech'), { quantity: '1', price: '2' }), {
      quantity: '3',
      price: '7',
    });
    const id = book.run();
    const input = contract['reconciliation.export'].input.parse({
      id,
      filters: [{ column: 'security', operator: 'is', value: '-dash' }],
    });
    const [heading = [], ...rows] = parseCsv(reconciliationReads['reconciliation.export'](book.db, input).text);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.[heading.indexOf('Difference')]).toBe('-9.5');
    expect(rows[0]?.[heading.indexOf('Security')]).toBe("'-dash");
  });
});
