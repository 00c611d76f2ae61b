import { describe, expect, it } from 'vitest';
import { redoBatch, undoBatch } from '../../main/conflicts/reverse.ts';
import { transact } from '../../main/store/transact.ts';
import { createTestBook, TODAY, YESTERDAY } from './book.ts';

const stale = { quantity: '100', price: '180', marketValue: '18000', costBasis: '9000' };
const fresh = { quantity: '100', price: '181.2', marketValue: '18120', costBasis: '9000' }; // 100 x 181.2

/** Clearway stands at yesterday's price; Orion and Addepar have moved. */
function staleBook() {
  const book = createTestBook();
  const orion = book.connection('orion', 'Orion');
  const addepar = book.connection('addepar', 'Addepar', 2);
  const account = book.account('Birchwood family trust', [orion, addepar]);
  const holding = book.holding(account, book.security('Alder'), stale, { fieldOrigins: '{"quantity":"s:1:7"}' });
  book.record(orion, holding, stale, { asOf: YESTERDAY, validTo: 9, externalId: 'old' });
  book.record(orion, holding, fresh);
  const second = book.record(addepar, holding, fresh);
  return { book, orion, addepar, account, holding, second };
}

describe('fixing breaks by rule', () => {
  it('takes the moved price and the value that follows from it, as one batch', () => {
    const { book, orion, holding } = staleBook();
    const id = book.run();
    expect(
      book
        .breaks(id)
        .map((b) => `${b.side} ${b.field} ${b.fixable}`)
        .toSorted(),
    ).toEqual(['Addepar marketValue true', 'Addepar price true', 'Orion marketValue true', 'Orion price true']);
    const result = book.fix({ id });
    expect(result).toEqual({ batchId: expect.any(String), fixed: 4, skipped: [] });
    expect(book.row('holdings', holding)).toMatchObject({
      quantity: '100',
      price: '181.2',
      market_value: '18120',
      cost_basis: '9000',
      version: 2,
    });
    const origins = JSON.parse(String(book.row('holdings', holding)['field_origins'])) as Record<string, string>;
    expect(origins).toEqual({ quantity: 's:1:7', price: `s:${orion}:1`, marketValue: `s:${orion}:1` }); // the best ranked source
    expect(book.breaks(id).map((b) => [b.status, b.fixable])).toEqual(Array(4).fill(['fixed', false]));
    expect(book.row('batches', Number(result.batchId))).toMatchObject({
      kind: 'fix',
      actor: 'analyst',
      items: 4,
      summary: '4 breaks of reconciliation 1 corrected by rule',
    });
    expect(book.audits.at(-1)?.details).toMatchObject({ run: 1, fixed: 4, itemsSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(book.get(book.run())).toMatchObject({ breaks: 0 });
  });

  it('says what it would do without doing it', () => {
    const { book, holding } = staleBook();
    const id = book.run();
    const before = book.row('holdings', holding);
    expect(book.fix({ id, dryRun: true })).toEqual({ batchId: null, fixed: 4, skipped: [] });
    expect(book.row('holdings', holding)).toEqual(before);
    expect(book.breaks(id).every((b) => b.status === 'open')).toBe(true);
    expect(book.db.prepare("SELECT count(*) FROM batches WHERE kind = 'fix'").pluck().get()).toBe(0);
  });

  it('can be undone to the letter, and redone', () => {
    const { book, holding } = staleBook();
    const id = book.run();
    const before = book.row('holdings', holding);
    const batchId = Number(book.fix({ id }).batchId);
    const after = book.row('holdings', holding);
    const undone = transact(book.db, () => undoBatch(book.db, batchId, book.context));
    expect(undone).toMatchObject({ restored: 5, blocked: [] }); // one position, four breaks
    expect({ ...book.row('holdings', holding), version: 1 }).toEqual({ ...before, version: 1 });
    expect(book.breaks(id).map((b) => b.status)).toEqual(Array(4).fill('open'));
    transact(book.db, () => redoBatch(book.db, batchId, book.context));
    expect({ ...book.row('holdings', holding), version: 2 }).toEqual({ ...after, version: 2 });
    expect(book.breaks(id).map((b) => b.status)).toEqual(Array(4).fill('fixed'));
  });

  it('closes the conflict that everybody’s agreement answers, and undo opens it again', () => {
    const { book, holding } = staleBook();
    const conflict = book.insert('conflicts', {
      holding_id: holding,
      field: 'price',
      reason: 'no_base',
      status: 'open',
      severity: 3,
      clearway: '180',
      signature: '',
      sources: '[]',
      opened_at: TODAY,
    });
    const batchId = Number(book.fix({ id: book.run() }).batchId);
    expect(book.row('conflicts', conflict)).toMatchObject({ status: 'healed', clearway: '181.2' });
    expect(transact(book.db, () => undoBatch(book.db, batchId, book.context))).toMatchObject({ restored: 6, blocked: [] });
    expect(book.row('conflicts', conflict)).toMatchObject({ status: 'open', closed_at: null });
    expect(book.row('holdings', holding)).toMatchObject({ price: '180', field_origins: '{"quantity":"s:1:7"}' });
    transact(book.db, () => redoBatch(book.db, batchId, book.context));
    expect(book.row('conflicts', conflict)).toMatchObject({ status: 'healed' });
    expect(book.row('holdings', holding)).toMatchObject({ price: '181.2', market_value: '18120' });
  });

  it('corrects what Clearway has rounded', () => {
    const book = createTestBook();
    const orion = book.connection('orion', 'Orion');
    const account = book.account('Birchwood family trust', [orion]);
    const coarse = { quantity: '3.33', price: '100', marketValue: '333' };
    const fine = { quantity: '3.3333', price: '100', marketValue: '333.33' };
    const mine = book.holding(account, book.security('Alder'), coarse);
    book.record(orion, mine, fine);
    const theirs = book.holding(account, book.security('Beech'), fine);
    book.record(orion, theirs, coarse); // here the side is the coarser: nothing to correct
    expect(book.fix({ id: book.run() })).toMatchObject({ fixed: 2, skipped: [{ count: 2 }] });
    expect(book.row('holdings', mine)).toMatchObject({ quantity: '3.3333', market_value: '333.33' });
    expect(book.row('holdings', theirs)).toMatchObject({ quantity: '3.3333', market_value: '333.33', version: 1 });
  });
});

describe('what waits for a person', () => {
  const fixable = (book: ReturnType<typeof createTestBook>, id: string): number =>
    book.breaks(id).filter((b) => b.fixable).length;
  const reasons = (result: { skipped: { reason: string; count: number }[] }): string[] =>
    result.skipped.map((s) => `${s.count} ${s.reason}`);

  it('another source of the same date says something else', () => {
    const { book, second } = staleBook();
    book.db.prepare("UPDATE source_holdings SET price = '182', market_value = '18200' WHERE id = ?").run(second);
    const id = book.run();
    expect(fixable(book, id)).toBe(0);
    expect(reasons(book.fix({ id }))).toEqual([
      '4 Only rounding and stale prices on Clearway’s side are corrected by rule; this waits for a person.',
    ]);
  });

  it('another source delivers the position twice', () => {
    const { book, addepar, holding } = staleBook();
    book.record(addepar, holding, fresh, { externalId: 'again' });
    expect(fixable(book, book.run({ connectionIds: ['1'] }))).toBe(0);
  });

  it('another source has come to disagree since the run', () => {
    const { book, second, holding } = staleBook();
    const id = book.run();
    book.db.prepare("UPDATE source_holdings SET price = '182', market_value = '18200' WHERE id = ?").run(second);
    expect(reasons(book.fix({ id }))).toEqual([
      '2 Another source of the same date disagrees with the value.',
      '2 The other side has reported something else since the run; start a new run.',
    ]);
    expect(book.row('holdings', holding)).toMatchObject({ price: '180', version: 1 });
  });

  it('Clearway’s value was set by a person', () => {
    const { book, holding } = staleBook();
    book.db.prepare(`UPDATE holdings SET field_origins = '{"price":"b:1"}' WHERE id = ?`).run(holding);
    expect(fixable(book, book.run())).toBe(0);
    book.db.prepare('UPDATE holdings SET field_origins = NULL WHERE id = ?').run(holding);
    const id = book.run();
    expect(fixable(book, id)).toBe(4);
    book.db.prepare(`UPDATE holdings SET field_origins = '{"price":"b:1"}' WHERE id = ?`).run(holding);
    expect(reasons(book.fix({ id }))).toEqual(['4 A person set this value, so no rule changes it.']);
  });

  it('Clearway’s value has changed since the run', () => {
    const { book, holding } = staleBook();
    const id = book.run();
    book.db.prepare("UPDATE holdings SET price = '180.5' WHERE id = ?").run(holding);
    expect(reasons(book.fix({ id }))).toEqual(['4 Clearway’s value has changed since the run; start a new run.']);
    expect(book.row('holdings', holding)).toMatchObject({ price: '180.5', market_value: '18000' });
  });

  it('a conflict is open in which a source disagrees', () => {
    const { book, account, holding } = staleBook();
    const third = book.connection('black_diamond', 'Black Diamond', 3);
    book.record(third, holding, stale, { asOf: YESTERDAY }); // another date, so the run does not ask it
    book.insert('account_links', {
      connection_id: third,
      external_id: 'x',
      account_id: account,
      reason: '',
      name: '',
      number: '',
      custodian: '',
      record: '{}',
    });
    book.insert('conflicts', {
      holding_id: holding,
      field: 'price',
      reason: 'sources_disagree',
      status: 'review',
      severity: 3,
      signature: '',
      sources: '[]',
      opened_at: TODAY,
    });
    const id = book.run({ connectionIds: ['1'] });
    expect(reasons(book.fix({ id }))).toEqual(['2 A conflict about this value is open; settle it there.']);
  });

  it('part of a position would be left behind', () => {
    const { book, holding } = staleBook();
    const id = book.run({ connectionIds: ['1'] });
    const price = book.breaks(id).find((b) => b.field === 'price');
    expect(reasons(book.fix({ id, breakIds: [price?.id ?? ''] }))).toEqual([
      '1 Other differences of the same position have to be corrected with it; choose them too.',
    ]);
    expect(book.row('holdings', holding)).toMatchObject({ price: '180' });
    expect(book.fix({ id, breakIds: book.breaks(id).map((b) => b.id) })).toMatchObject({ fixed: 2 });
  });

  it('the side is of another date than Clearway', () => {
    const { book, holding } = staleBook();
    book.db.prepare("UPDATE holdings SET as_of = '2025-03-17' WHERE id = ?").run(holding);
    const id = book.run();
    expect(book.get(id).sides.every((s) => s.asOfDiffers)).toBe(true);
    expect(fixable(book, id)).toBe(0);
  });

  it('the break was fixed before', () => {
    const { book } = staleBook();
    const id = book.run();
    book.fix({ id });
    expect(book.fix({ id })).toEqual({ batchId: null, fixed: 0, skipped: [{ reason: 'Fixed or accepted already.', count: 4 }] });
  });

  it('nothing of the run was chosen', () => {
    const { book } = staleBook();
    const id = book.run();
    expect(() => book.fix({ id, breakIds: ['999'] })).toThrow('None of the breaks belongs to this run.');
    expect(() => book.fix({ id: '999' })).toThrow('There is no such reconciliation run.');
  });
});
