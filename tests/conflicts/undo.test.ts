import { describe, expect, test } from 'vitest';
import { DAY_1, DAY_2, testBook } from '../sync/sync-book.ts';

const DAY_3 = '2026-11-21';

/** Clearway was edited to 12, Orion moved from 10 to 11: a conflict with a kept base. */
function bothChanged() {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  book.pass(orion, [{ price: '10', costBasis: '900' }], { asOf: DAY_1 });
  book.edit('price', '12');
  book.pass(orion, [{ price: '11', costBasis: '900' }], { asOf: DAY_2 });
  return { book, orion };
}

describe('undo of a decision', () => {
  test.each(['CLEARWAY_WINS', 'PLATFORM_WINS', 'MANUAL_REVIEW'] as const)(
    '%s puts back value, origin, base and conflict exactly; redo and undo again as well',
    (strategy) => {
      const { book } = bothChanged();
      const before = book.dump();
      const batch = book.decide('price', strategy, strategy === 'MANUAL_REVIEW' ? { value: '11.5' } : {});
      const decided = book.dump();
      expect(book.position()?.[2]).toBe({ CLEARWAY_WINS: '12', PLATFORM_WINS: '11', MANUAL_REVIEW: '11.5' }[strategy]);
      expect(book.undo(batch)).toMatchObject({ restored: 1, blocked: [] });
      expect(book.dump()).toEqual(before);
      expect(book.redo(batch)).toMatchObject({ restored: 1, blocked: [] });
      expect(book.dump()).toEqual(decided);
      expect(book.undo(batch)).toMatchObject({ restored: 1 });
      expect(book.dump()).toEqual(before);
    },
  );

  test('puts back a value whose origin was the whole position’s', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    book.pass(orion, [{ price: '10' }]);
    book.pass(addepar, [{ price: '11' }]);
    const before = book.dump();
    book.undo(book.decide('price', 'PLATFORM_WINS', { connectionId: String(addepar) }));
    expect(book.dump()).toEqual(before);
  });

  test('puts back whether a position is held', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    for (const c of [orion, addepar]) book.pass(c, [{}, { security: 'Cedar' }], { asOf: DAY_1 });
    book.pass(addepar, [{ security: 'Cedar' }], { asOf: DAY_1 });
    const before = book.dump();
    const batch = book.decide('presence', 'PLATFORM_WINS', { connectionId: String(addepar) });
    expect(book.position()?.[0]).toBe('not_held');
    book.undo(batch);
    expect(book.dump()).toEqual(before);
  });

  test('can be done once', () => {
    const { book } = bothChanged();
    const batch = book.decide('price', 'CLEARWAY_WINS');
    expect(() => book.redo(batch)).toThrow(/was not undone/);
    book.undo(batch);
    expect(() => book.undo(batch)).toThrow(/undone already/);
    expect(() => book.undo('999')).toThrow(/no such batch/);
  });
});

describe('undo of a batch of which something changed since', () => {
  function twoSettled() {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    book.pass(orion, [
      { account: 'Birch', price: '10' },
      { account: 'Rowan', price: '10' },
    ]);
    book.pass(addepar, [
      { account: 'Birch', price: '11' },
      { account: 'Rowan', price: '11' },
    ]);
    const { batchId } = book.resolve({
      selection: { matching: { search: '', filters: [] }, except: [] },
      decision: { strategy: 'CLEARWAY_WINS' },
      comment: '',
    });
    return { book, orion, addepar, batch: batchId ?? '' };
  }

  test('leaves what a later edit changed, puts back the rest and says how many', () => {
    const { book, batch } = twoSettled();
    book.edit('price', '13', 'Rowan');
    expect(book.undo(batch)).toMatchObject({
      restored: 1,
      blocked: [{ reason: 'Changed again since by a later decision or sync', count: 1 }],
    });
    expect([book.position('Birch')?.[2], book.position('Rowan')?.[2]]).toEqual(['10', '13']);
    expect(book.conflicts()).toHaveLength(1);
  });

  test('leaves a value on which a newer conflict is open', () => {
    const { book, addepar, batch } = twoSettled();
    book.pass(
      addepar,
      [
        { account: 'Birch', price: '12' },
        { account: 'Rowan', price: '11' },
      ],
      { asOf: DAY_3 },
    );
    expect(book.conflicts()).toHaveLength(1);
    expect(book.undo(batch)).toMatchObject({
      restored: 1,
      blocked: [{ reason: 'A newer conflict is open on the same value', count: 1 }],
    });
    expect(book.conflicts()).toHaveLength(2);
  });

  test('is refused when nothing of it stands, and changes nothing', () => {
    const { book, batch } = twoSettled();
    for (const account of ['Birch', 'Rowan']) book.edit('price', '13', account);
    const before = book.dump(['holdings', 'holding_bases', 'conflicts', 'batches', 'batch_items', 'audit_entries']);
    expect(() => book.undo(batch)).toThrow(expect.objectContaining({ code: 'later_decisions' }));
    expect(book.dump(['holdings', 'holding_bases', 'conflicts', 'batches', 'batch_items', 'audit_entries'])).toEqual(before);
  });
});

test('a conflict that comes back shows what the sources say now, so that deciding on it never takes an old value', () => {
  const { book, orion } = bothChanged();
  const batch = book.decide('price', 'MANUAL_REVIEW', { value: '11.5' });
  book.pass(orion, [{ price: '11.5', costBasis: '900' }], { asOf: DAY_3 });
  book.undo(batch);
  expect(book.conflicts()).toEqual([`Birch/Alder price both_changed: 10 | 12 | ${orion}=11.5`]);
  book.decide('price', 'PLATFORM_WINS');
  expect(book.position()?.[2]).toBe('11.5');
});

test('a decision that the platform has moved on from no longer stands, so undoing it is refused', () => {
  const { book, orion } = bothChanged();
  const batch = book.decide('price', 'PLATFORM_WINS'); // 11 is then the base, so Orion’s next value is adopted
  book.pass(orion, [{ price: '13', costBasis: '900' }], { asOf: DAY_3 });
  expect(book.position()?.[2]).toBe('13');
  expect(() => book.undo(batch)).toThrow(/changed again since/);
});

describe('undo of an edit', () => {
  test('puts the value and its origin back', () => {
    const { book } = bothChanged();
    const before = book.dump();
    const batch = book.edit('costBasis', '950');
    expect(book.position()?.[4]).toBe('950');
    expect(book.undo(batch)).toMatchObject({ restored: 1 });
    expect(book.dump()).toEqual(before);
  });

  test('with an open conflict on the value: edit and undo both show in the conflict, difference and impact included', () => {
    const { book, orion } = bothChanged();
    const facts = () => book.all('SELECT clearway, difference, impact FROM conflicts');
    expect(facts()).toEqual([{ clearway: '12', difference: '1', impact: '100' }]); // |11 - 12| x 100 units
    const before = book.dump();
    const batch = book.edit('price', '15');
    expect(facts()).toEqual([{ clearway: '15', difference: '4', impact: '400' }]); // |11 - 15| x 100 units
    book.undo(batch);
    expect(book.dump()).toEqual(before);
    expect(book.conflicts()).toEqual([`Birch/Alder price both_changed: 10 | 12 | ${orion}=11`]);
  });

  test('is refused when somebody else’s number stands there', () => {
    const { book } = bothChanged();
    const first = book.edit('costBasis', '950');
    book.edit('costBasis', '960');
    expect(() => book.undo(first)).toThrow(expect.objectContaining({ code: 'later_decisions' }));
    expect(book.position()?.[4]).toBe('960');
  });
});

test('a sync cannot be undone as a batch', () => {
  const { book } = bothChanged();
  const sync = book.one<number>("SELECT min(id) FROM batches WHERE kind = 'sync'");
  expect(() => book.undo(String(sync))).toThrow(/taken back another way/);
});
