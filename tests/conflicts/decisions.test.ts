import { describe, expect, test } from 'vitest';
import { describePlan, planDecision, toChoice } from '../../main/conflicts/plan.ts';
import { previewReversal } from '../../main/conflicts/reverse.ts';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { verifyAudit } from '../../main/store/audit.ts';
import type { HandlerInput } from '../../shared/contract/index.ts';
import { DAY_1, testBook, type SyncBook } from '../sync/sync-book.ts';

type Selection = HandlerInput<'conflicts.preview'>['selection'];
type Decision = HandlerInput<'conflicts.preview'>['decision'];

const everything: Selection = { matching: { search: '', filters: [] }, except: [] };
const preview = (book: SyncBook, selection: Selection, decision: Decision) =>
  describePlan(planDecision(book.db, selection, toChoice(decision), DEFAULT_TOLERANCES));
const openCount = (book: SyncBook): number => book.one("SELECT count(*) FROM conflicts WHERE status IN ('open', 'review')");
const value = (book: SyncBook, column: string, security = 'Alder'): string | null =>
  book.one(`SELECT ${column} FROM holdings WHERE id = ?`, book.holdingId('Birch', security));

/** Two platforms that disagree: Alder about price and market value, Cedar about quantity, Elm about cost basis. */
function disputes() {
  const book = testBook();
  const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
  book.pass(orion, [
    { price: '10', marketValue: '1000', modifiedAt: '2026-11-20T08:00:00.000Z' },
    { security: 'Cedar', quantity: '50', price: '4', marketValue: '200' },
    { security: 'Elm', quantity: '7', price: '1', marketValue: '7', costBasis: '5' },
  ]);
  book.pass(addepar, [
    { price: '11', marketValue: '1100', modifiedAt: '2026-11-20T07:00:00.000Z' },
    { security: 'Cedar', quantity: '60', price: '4', marketValue: '200' },
    { security: 'Elm', quantity: '7', price: '1', marketValue: '7', costBasis: '6' },
  ]);
  expect(openCount(book)).toBe(4);
  return { book, orion, addepar };
}

describe('a preview', () => {
  test('shows counts, totals and the largest changes, and resolving does exactly that', () => {
    const { book, addepar } = disputes();
    const decision: Decision = { strategy: 'PLATFORM_WINS', connectionId: String(addepar) };
    const before = book.dump();
    const shown = preview(book, everything, decision);
    expect(book.dump()).toEqual(before);
    expect(shown).toMatchObject({ selected: 4, settles: 4, excluded: [], accountsTotal: 1 });
    // before 1000 + 200 + 7 = 1207; market value of Alder 1000 -> 1100, so 1307 after
    expect(shown.totals).toEqual([{ currency: 'USD', marketValueBefore: '1207', marketValueAfter: '1307' }]);
    // price (11 - 10) x 100 = 100; market value 1100 - 1000 = 100; quantity (60 - 50) x 4 = 40; cost basis 6 - 5 = 1
    expect(shown.largest.map((l) => [l.security, l.field, l.before, l.after, l.impact])).toEqual([
      ['Alder', 'price', '10', '11', '100'],
      ['Alder', 'marketValue', '1000', '1100', '100'],
      ['Cedar', 'quantity', '50', '60', '40'],
      ['Elm', 'costBasis', '5', '6', '1'],
    ]);
    expect(shown.accounts).toEqual([{ account: 'Birch', count: 4, change: '241', currency: 'USD' }]); // 100 + 100 + 40 + 1

    const done = book.resolve({ selection: everything, decision, comment: '' });
    expect(done).toMatchObject({ settled: shown.settles, excluded: shown.excluded });
    for (const l of shown.largest) {
      const column = {
        price: 'price',
        marketValue: 'market_value',
        quantity: 'quantity',
        costBasis: 'cost_basis',
        presence: 'status',
        cash: 'cash',
        return: 'rate',
      }[l.field];
      expect(value(book, column, l.security)).toBe(l.after);
    }
    expect(book.one("SELECT dec_sum(market_value) FROM holdings WHERE status = 'held'")).toBe(shown.totals[0]?.marketValueAfter);
  });

  test('counts what the decision cannot settle, by reason, and resolving leaves just those', () => {
    const { book } = disputes();
    const decision: Decision = { strategy: 'MERGE' };
    const shown = preview(book, everything, decision);
    // Market value is recomputed, 100 x 10 = 1000; the price is Orion's, which was changed last.
    expect(shown).toMatchObject({
      selected: 4,
      settles: 2,
      excluded: [
        { reason: 'Fewer than three platforms report the quantity', count: 1 },
        { reason: 'No source with tax lots reports this position', count: 1 },
      ],
    });
    expect(book.resolve({ selection: everything, decision, comment: '' })).toMatchObject({
      settled: shown.settles,
      excluded: shown.excluded,
    });
    expect(openCount(book)).toBe(4 - shown.settles);
  });

  test('counts a position that goes away with its whole value, also when its market value is in dispute', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    book.pass(orion, [{ price: '10', marketValue: '1000' }, { security: 'Cedar' }], { asOf: DAY_1 });
    book.pass(addepar, [{ price: '10', marketValue: '1100' }, { security: 'Cedar' }], { asOf: DAY_1 });
    book.pass(addepar, [{ security: 'Cedar' }], { asOf: DAY_1 });
    book.db.prepare("UPDATE conflicts SET status = 'open' WHERE field = 'marketValue'").run();
    const shown = preview(book, everything, { strategy: 'PLATFORM_WINS', connectionId: String(addepar) });
    expect(shown.totals).toEqual([{ currency: 'USD', marketValueBefore: '1000', marketValueAfter: '0' }]);
  });

  test('of nothing is refused', () => {
    const { book } = disputes();
    const none: Selection = { matching: { search: 'nothing is named so', filters: [] }, except: [] };
    expect(() => preview(book, none, { strategy: 'CLEARWAY_WINS' })).toThrow(/No open conflict matches/);
    expect(() => preview(book, { ids: ['999'] }, { strategy: 'CLEARWAY_WINS' })).toThrow(/no longer exist/);
  });
});

describe('a selection', () => {
  test('by filter takes what matches, except what is left out', () => {
    const { book } = disputes();
    const price = book.conflictId('price');
    const matching = { search: '', filters: [{ column: 'security', operator: 'is', value: 'Alder' }] } as const;
    const selection = { matching: { ...matching, filters: [...matching.filters] }, except: [price] } as Selection;
    expect(preview(book, selection, { strategy: 'CLEARWAY_WINS' }).largest.map((l) => l.field)).toEqual(['marketValue']);
  });

  test('by ids counts a conflict once, however its id is written', () => {
    const { book } = disputes();
    const id = book.conflictId('price');
    const { batchId, settled } = book.resolve({
      selection: { ids: [id, `0${id}`, id] },
      decision: { strategy: 'CLEARWAY_WINS' },
      comment: '',
    });
    expect(settled).toBe(1);
    expect(book.undo(batchId ?? '')).toMatchObject({ restored: 1, blocked: [] });
  });

  test('of settled conflicts changes nothing and says so', () => {
    const { book } = disputes();
    const id = book.conflictId('price');
    book.resolve({ selection: { ids: [id] }, decision: { strategy: 'CLEARWAY_WINS' }, comment: '' });
    const before = book.dump();
    expect(book.resolve({ selection: { ids: [id] }, decision: { strategy: 'PLATFORM_WINS' }, comment: '' })).toEqual({
      batchId: null,
      settled: 0,
      excluded: [{ reason: 'Already settled', count: 1 }],
    });
    expect(book.dump()).toEqual(before);
  });
});

describe('deciding on a conflict a person looks at', () => {
  test('is refused when it changed meanwhile, and goes through with the version of now', () => {
    const { book, addepar } = disputes();
    const id = book.conflictId('price');
    const seen = book.one<number>('SELECT version FROM conflicts WHERE id = ?', id);
    book.pass(addepar, [
      { price: '12', marketValue: '1100' },
      { security: 'Cedar', quantity: '60', price: '4', marketValue: '200' },
      { security: 'Elm', quantity: '7', price: '1', marketValue: '7', costBasis: '6' },
    ]);
    const decide = (expectedVersion: number, decision: Decision = { strategy: 'PLATFORM_WINS', connectionId: String(addepar) }) =>
      book.resolve({ selection: { ids: [id] }, decision, comment: '', expectedVersion });
    expect(() => decide(seen)).toThrow(expect.objectContaining({ code: 'conflict_changed', details: { version: seen + 1 } }));
    expect(value(book, 'price')).toBe('10');
    expect(decide(seen + 1).settled).toBe(1);
    expect(value(book, 'price')).toBe('12');
  });

  test('says why when the strategy cannot settle it, not that it changed', () => {
    const { book } = disputes();
    const id = book.conflictId('costBasis', 'Birch', 'Elm');
    const version = book.one<number>('SELECT version FROM conflicts WHERE id = ?', id);
    expect(
      book.resolve({ selection: { ids: [id] }, decision: { strategy: 'MERGE' }, comment: '', expectedVersion: version }),
    ).toEqual({
      batchId: null,
      settled: 0,
      excluded: [{ reason: 'No source with tax lots reports this position', count: 1 }],
    });
  });

  test('uses the dates of the sources of now', () => {
    const { book, orion } = disputes();
    book.edit('price', '15');
    // Orion repeats its price on a newer day, so it alone is the freshest.
    book.pass(
      orion,
      [
        { price: '10', marketValue: '1000' },
        { security: 'Cedar', quantity: '50', price: '4', marketValue: '200' },
        { security: 'Elm', quantity: '7', price: '1', marketValue: '7', costBasis: '5' },
      ],
      { asOf: '2026-11-21' },
    );
    const shown = preview(book, { ids: [book.conflictId('price')] }, { strategy: 'MERGE' });
    expect(shown.largest.map((l) => l.after)).toEqual(['10']);
  });

  test('putting it aside keeps it undecided, with the note', () => {
    const { book } = disputes();
    const id = book.conflictId('price');
    const { batchId } = book.resolve({
      selection: { ids: [id] },
      decision: { strategy: 'MANUAL_REVIEW' },
      comment: 'Ask the custodian',
    });
    expect(book.all('SELECT status FROM conflicts WHERE id = ?', id)).toEqual([{ status: 'review' }]);
    expect(book.all('SELECT author, text FROM comments WHERE conflict_id = ?', id)).toEqual([
      { author: 'analyst', text: 'Ask the custodian' },
    ]);
    expect(value(book, 'price')).toBe('10');
    book.undo(batchId ?? '');
    expect(book.all('SELECT status FROM conflicts WHERE id = ?', id)).toEqual([{ status: 'open' }]);
  });
});

describe('the audit trail of a batch', () => {
  test('has one entry with the digest of its items, chained', () => {
    const { book } = disputes();
    const { batchId } = book.resolve({ selection: everything, decision: { strategy: 'CLEARWAY_WINS' }, comment: '' });
    book.undo(batchId ?? '');
    const entries = book.all<{ event: string; subject: string; details: string }>(
      'SELECT event, subject, details FROM audit_entries ORDER BY seq',
    );
    expect(entries.map((e) => [e.event, e.subject])).toEqual([
      ['conflicts_settled', `batch ${batchId}`],
      ['batch_undone', `batch ${batchId}`],
    ]);
    expect(JSON.parse(entries[0]?.details ?? '')).toMatchObject({
      settled: 4,
      itemsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(verifyAudit(book.db)).toEqual({ entries: 2, firstBad: null, problem: null });
    expect(() => previewReversal(book.db, Number(batchId))).toThrow(/undone already/);
  });
});

test('ten thousand conflicts are one batch, one audit entry and one undo', { timeout: 60_000 }, () => {
  const book = testBook();
  const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
  const positions = (price: string) =>
    Array.from({ length: 10_000 }, (_, i) => ({ account: `Fir ${i % 20}`, security: `Elm ${Math.floor(i / 20)}`, price }));
  book.pass(orion, positions('10'));
  book.pass(addepar, positions('11'));
  expect(openCount(book)).toBe(10_000);
  const digest = (): unknown => book.one("SELECT group_concat(price || status || coalesce(field_origins, ''), '') FROM holdings");
  const before = digest();
  const { batchId, settled } = book.resolve({
    selection: everything,
    decision: { strategy: 'PLATFORM_WINS', connectionId: String(addepar) },
    comment: '',
  });
  expect(settled).toBe(10_000);
  expect(book.one('SELECT dec_sum(price) FROM holdings')).toBe('110000'); // 10,000 x 11
  expect(previewReversal(book.db, Number(batchId))).toEqual({ restores: 10_000, blocked: [] });
  expect(book.undo(batchId ?? '')).toMatchObject({ restored: 10_000, blocked: [] });
  expect([digest(), openCount(book)]).toEqual([before, 10_000]);
  expect(book.one('SELECT count(*) FROM audit_entries')).toBe(2);
});
