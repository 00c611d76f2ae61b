import { describe, expect, test } from 'vitest';
import { DAY_1, DAY_2, testBook } from './sync-book.ts';

/** One platform whose first report made the position: base, Clearway and source all stand at 10. */
function agreedAt10() {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
  return { book, orion };
}

describe('a position that Clearway and one platform agreed on', () => {
  test('same and same: a repeated pass writes no version, moves no value and opens nothing', () => {
    const { book, orion } = agreedAt10();
    const before = book.dump(['holdings', 'holding_bases', 'conflicts', 'source_holdings', 'accounts', 'securities']);
    const counts = book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
    expect(counts).toMatchObject({ added: 0, changed: 0, unchanged: 1, removed: 0, adopted: 0, conflictsOpened: 0 });
    expect(book.dump(['holdings', 'holding_bases', 'conflicts', 'source_holdings', 'accounts', 'securities'])).toEqual(before);
  });

  test('a new date with the same values is a new version and no change of the book', () => {
    const { book, orion } = agreedAt10();
    expect(book.pass(orion, [{ price: '10' }])).toMatchObject({ changed: 1, adopted: 0, conflictsOpened: 0 });
    expect([book.versions(), book.position()]).toEqual([2, ['held', '100', '10', null, null]]);
  });

  test('same and changed: the source is adopted and named as the origin of that value alone', () => {
    const { book, orion } = agreedAt10();
    const first = book.one<number>('SELECT max(id) FROM sync_operations');
    expect(book.pass(orion, [{ price: '11' }])).toMatchObject({ changed: 1, adopted: 1, conflictsOpened: 0 });
    expect(book.position()).toEqual(['held', '100', '11', null, null]);
    expect(book.origins()).toEqual({ all: `s:${orion}:${first}`, price: `s:${orion}:${first + 1}` });
    expect(book.bases()).toEqual([]);
  });

  test('changed and same: what a person set is kept, with the person as its origin', () => {
    const { book, orion } = agreedAt10();
    const batch = book.edit('price', '12');
    expect(book.pass(orion, [{ price: '10' }])).toMatchObject({ adopted: 0, conflictsOpened: 0 });
    expect(book.position()).toEqual(['held', '100', '12', null, null]);
    expect(book.origins()['price']).toBe(`b:${batch}`);
  });

  test('both changed to values within tolerance: they agree and the base moves along', () => {
    const { book, orion } = agreedAt10();
    book.edit('price', '12');
    // 0.004 <= 0.005
    expect(book.pass(orion, [{ price: '12.004' }])).toMatchObject({ adopted: 0, conflictsOpened: 0 });
    expect([book.position()?.[2], book.bases(), book.conflicts()]).toEqual(['12', [], []]);
  });

  test('both changed and different: a conflict, Clearway keeps its value, and the old base is kept while it is undecided', () => {
    const { book, orion } = agreedAt10();
    book.edit('price', '12');
    expect(book.pass(orion, [{ price: '11' }])).toMatchObject({ adopted: 0, conflictsOpened: 1 });
    expect(book.conflicts()).toEqual([`Birch/Alder price both_changed: 10 | 12 | ${orion}=11`]);
    expect([book.position()?.[2], book.bases()]).toEqual(['12', [[orion, 'price', '10']]]);
  });

  test('a person’s change within tolerance of the base is still a change', () => {
    const { book, orion } = agreedAt10();
    book.edit('price', '10.004');
    book.pass(orion, [{ price: '11' }]);
    expect(book.conflicts()).toEqual([`Birch/Alder price both_changed: 10 | 10.004 | ${orion}=11`]);
  });

  test('a source that stops stating a value changes nothing', () => {
    const { book, orion } = agreedAt10();
    expect(book.pass(orion, [{}])).toMatchObject({ changed: 1, adopted: 0, conflictsOpened: 0 });
    expect(book.position()).toEqual(['held', '100', '10', null, null]);
  });

  test('the base that was kept decides when the source comes back to it: Clearway’s value is then simply Clearway’s', () => {
    const { book, orion } = agreedAt10();
    book.edit('price', '12');
    book.pass(orion, [{ price: '11' }]);
    book.pass(orion, [{ price: '10' }], { asOf: '2026-11-21' });
    expect(book.position()?.[2]).toBe('12');
    expect(book.bases()).toEqual([]);
  });

  test('the conflict heals when the source comes to Clearway’s value', () => {
    const { book, orion } = agreedAt10();
    book.edit('price', '12');
    book.pass(orion, [{ price: '11' }]);
    expect(book.pass(orion, [{ price: '12' }], { asOf: '2026-11-21' })).toMatchObject({ conflictsHealed: 1 });
    expect([book.conflicts(), book.bases()]).toEqual([[], []]);
    expect(book.all('SELECT status, closed_at IS NOT NULL AS closed FROM conflicts')).toEqual([{ status: 'healed', closed: 1 }]);
  });
});

describe('values that were never agreed on', () => {
  test('Clearway has none and the source has one: adopted', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
    expect(book.pass(orion, [{ price: '10', costBasis: '900' }])).toMatchObject({ adopted: 1, conflictsOpened: 0 });
    expect(book.position()).toEqual(['held', '100', '10', null, '900']);
  });

  test('both have one and they are equal within tolerance: agreed', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    book.pass(orion, [{ price: '10' }]);
    expect(book.pass(addepar, [{ price: '10.005' }])).toMatchObject({ adopted: 0, conflictsOpened: 0 }); // 0.005 <= 0.005
    expect([book.position()?.[2], book.bases()]).toEqual(['10', []]);
  });

  test('both have one, of another date, and they differ: a conflict without a base', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    book.pass(orion, [{ price: '10' }]);
    book.pass(addepar, [{ price: '11' }], { asOf: DAY_1 });
    expect(book.conflicts()).toEqual([`Birch/Alder price no_base: - | 10 | ${orion}=10 ${addepar}=11`]);
    expect(book.bases()).toEqual([[addepar, 'price', null]]);
  });
});

describe('several sources of one date', () => {
  test.each([
    ['the better ranked one first', ['10', '11']],
    ['the better ranked one last', ['11', '10']],
  ])('Clearway holds what the best ranked source says: %s', (_order, reports) => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    for (const price of reports) book.pass(price === '10' ? orion : addepar, [{ price }]);
    expect(book.position()?.[2]).toBe('10');
    expect(book.conflicts()).toEqual([`Birch/Alder price sources_disagree: - | 10 | ${orion}=10 ${addepar}=11`]);
  });

  test('a value that every source of the date changes to is adopted once and heals what was open', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
    book.pass(addepar, [{ price: '11' }], { asOf: DAY_1 });
    book.pass(orion, [{ price: '12' }]);
    book.pass(addepar, [{ price: '12' }]);
    expect([book.position()?.[2], book.conflicts(), book.bases()]).toEqual(['12', [], []]);
  });

  test('an undecided disagreement is shown with what everybody says now, until all that report agree', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
    book.pass(addepar, [{ price: '11' }], { asOf: DAY_1 });
    expect(book.pass(orion, [{ price: '12' }], { asOf: DAY_2 })).toMatchObject({ adopted: 1, conflictsHealed: 0 });
    expect(book.conflicts()).toEqual([`Birch/Alder price sources_disagree: 10 | 12 | ${orion}=12 ${addepar}=11`]);
    expect(book.pass(addepar, [{ price: '12' }], { asOf: DAY_2 })).toMatchObject({ conflictsHealed: 1 });
    expect([book.position()?.[2], book.conflicts()]).toEqual(['12', []]);
  });

  test('after a conflict healed, the base of every source is what it says: going back on it is a change like any other', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    for (const c of [orion, addepar]) book.pass(c, [{ price: '10' }], { asOf: DAY_1 });
    book.pass(orion, [{ price: '10' }]);
    book.pass(addepar, [{ price: '11' }]); // outranked by Orion: not taken over
    expect(book.bases()).toEqual([[addepar, 'price', '10']]);
    book.pass(orion, [{ price: '11' }]); // Orion corrects itself to 11: everybody agrees
    expect([book.position()?.[2], book.conflicts(), book.bases()]).toEqual(['11', [], []]);
    book.pass(addepar, [{ price: '10' }], { asOf: '2026-11-21' });
    expect([book.position()?.[2], book.conflicts()]).toEqual(['10', []]);
  });

  test('a person’s value stands against all of them', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    for (const c of [orion, addepar]) book.pass(c, [{ price: '10' }], { asOf: DAY_1 });
    book.edit('price', '15');
    for (const c of [orion, addepar]) book.pass(c, [{ price: '11' }]);
    expect(book.position()?.[2]).toBe('15');
    expect(book.conflicts()).toEqual([`Birch/Alder price both_changed: 10 | 15 | ${orion}=11 ${addepar}=11`]);
  });
});

describe('amounts in another currency', () => {
  test('are not compared and not adopted; the quantity is', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 2), book.connection('Addepar', 1, 'addepar')];
    book.pass(orion, [{ price: '10', marketValue: '1000' }]);
    book.pass(addepar, [{ quantity: '101', price: '8', marketValue: '808', currency: 'GBP' }]);
    expect(book.position()).toEqual(['held', '101', '10', '1000', null]);
    expect(book.conflicts()).toEqual([`Birch/Alder quantity sources_disagree: - | 101 | ${orion}=100 ${addepar}=101`]);
  });

  test('amounts without a currency are in the position’s own', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 2), book.connection('Addepar', 1, 'addepar')];
    book.pass(orion, [{ price: '10', currency: 'GBP' }]);
    book.pass(addepar, [{ price: '8', currency: null }]);
    expect(book.position()?.[2]).toBe('8');
  });
});

describe('several records of one position from one source', () => {
  test('nothing of them is taken over; a person is asked about their sum', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [{ price: '10', marketValue: '1000' }], { asOf: DAY_1 });
    book.pass(orion, [
      { quantity: '120', price: '11', marketValue: '1320' },
      { id: 'again', quantity: '120', price: '11', marketValue: '1320' },
    ]);
    expect(book.position()).toEqual(['held', '100', '10', '1000', null]);
    // 120 + 120 = 240 units, 1320 + 1320 = 2640
    expect(book.conflicts()).toEqual([
      `Birch/Alder marketValue sources_disagree: 1000 | 1000 | ${orion}=2640`,
      `Birch/Alder price sources_disagree: 10 | 10 | ${orion}=11`,
      `Birch/Alder quantity duplicate_records: 100 | 100 | ${orion}=240`,
    ]);
  });

  test('a source that is doubtful so does not speak against the others', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    for (const c of [orion, addepar]) book.pass(c, [{ price: '10' }], { asOf: DAY_1 });
    book.pass(orion, [
      { quantity: '120', price: '10' },
      { id: 'again', quantity: '120', price: '10' },
    ]);
    book.pass(addepar, [{ quantity: '120', price: '10' }]);
    expect(book.position()?.[1]).toBe('120');
    expect(book.conflicts()).toEqual([`Birch/Alder quantity duplicate_records: 100 | 120 | ${orion}=240 ${addepar}=120`]);
  });

  test('a position new to the book with several records has no values until a person says', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    expect(book.pass(orion, [{ price: '10' }, { id: 'again', price: '10' }])).toMatchObject({
      added: 2,
      adopted: 0,
      conflictsOpened: 2,
    });
    expect(book.position()).toEqual(['held', null, null, null, null]);
    expect(book.conflicts()).toEqual([
      `Birch/Alder price sources_disagree: - | - | ${orion}=10`,
      `Birch/Alder quantity duplicate_records: - | - | ${orion}=200`,
    ]);
    book.decide('quantity', 'MANUAL_REVIEW', { value: '100' });
    expect(book.pass(orion, [{ price: '10' }, { id: 'again', price: '10' }])).toMatchObject({ unchanged: 2, conflictsOpened: 0 });
    expect(book.position()?.[1]).toBe('100');
  });

  test('the same record delivered twice in a pass counts once, as delivered last', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [{ price: '10' }, { price: '11' }]);
    expect([book.position(), book.conflicts()]).toEqual([['held', '100', '11', null, null], []]);
  });

  test('the order of the records makes no difference', () => {
    const read = (ids: readonly (string | undefined)[]): unknown => {
      const book = testBook();
      const orion = book.connection('Orion', 1);
      book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
      book.pass(
        orion,
        ids.map((id) => ({ ...(id === undefined ? {} : { id }), quantity: '120', price: '10' })),
      );
      return [book.position(), book.conflicts()];
    };
    expect(read(['again', undefined])).toEqual(read([undefined, 'again']));
  });

  test('the question goes away when the source reports the position once again, as Clearway has it', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
    book.pass(orion, [{ price: '10' }, { id: 'again', price: '10' }]);
    expect(book.conflicts()).toEqual([`Birch/Alder quantity duplicate_records: 100 | 100 | ${orion}=200`]);
    expect(book.pass(orion, [{ price: '10' }])).toMatchObject({ removed: 1, conflictsHealed: 1 });
    expect([book.conflicts(), book.bases(), book.position()?.[1]]).toEqual([[], [], '100']);
  });
});
