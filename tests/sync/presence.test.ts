import { describe, expect, test } from 'vitest';
import { DAY_1, DAY_2, testBook } from './sync-book.ts';

const DAY_3 = '2026-11-21';
const ALDER = { price: '10', marketValue: '1000' };
const CEDAR = { security: 'Cedar', price: '5' };

/** Two platforms that know one account; Orion is trusted more. */
function twoPlatforms() {
  const book = testBook();
  return { book, orion: book.connection('Orion', 1), addepar: book.connection('Addepar', 2, 'addepar') };
}

describe('a position its only source stops reporting', () => {
  test('is closed in the book, and what was open on it is healed', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [ALDER, CEDAR], { asOf: DAY_1 });
    book.edit('costBasis', '900', 'Birch', 'Cedar');
    book.pass(orion, [ALDER, { ...CEDAR, costBasis: '800' }], { asOf: DAY_1 });
    expect(book.pass(orion, [{ security: 'Cedar', price: '5', costBasis: '800' }])).toMatchObject({
      removed: 1,
      adopted: 1,
      conflictsOpened: 0,
    });
    expect([book.position()?.[0], book.position('Birch', 'Cedar')?.[0]]).toEqual(['not_held', 'held']);
    expect(book.conflicts()).toHaveLength(1); // Cedar's cost basis is still undecided
  });

  test('stays, as a question, when a person put a value there', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [ALDER, CEDAR], { asOf: DAY_1 });
    book.edit('quantity', '90');
    expect(book.pass(orion, [CEDAR])).toMatchObject({ removed: 1, conflictsOpened: 1 });
    expect(book.position()?.slice(0, 2)).toEqual(['held', '90']);
    expect(book.conflicts()).toEqual([`Birch/Alder presence missing_at_source: - | held | ${orion}=not_held`]);
  });

  test('comes back with what the source says then, as new', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [ALDER, CEDAR], { asOf: DAY_1 });
    book.pass(orion, [CEDAR]);
    expect(book.pass(orion, [{ quantity: '50', price: '12' }, CEDAR], { asOf: DAY_3 })).toMatchObject({
      adopted: 1,
      conflictsOpened: 0,
    });
    // The old market value of 1000 is not that of 50 units.
    expect([book.position(), book.conflicts()]).toEqual([['held', '50', '12', null, null], []]);
  });
});

describe('a position that one of several sources stops reporting', () => {
  test('stays, and a person is asked', () => {
    const { book, orion, addepar } = twoPlatforms();
    for (const c of [orion, addepar]) book.pass(c, [ALDER, CEDAR], { asOf: DAY_1 });
    book.pass(orion, [ALDER, CEDAR]);
    book.pass(addepar, [CEDAR]);
    expect(book.position()?.[0]).toBe('held');
    expect(book.conflicts()).toEqual([`Birch/Alder presence only_at_source: - | held | ${orion}=held ${addepar}=not_held`]);
  });

  test('is closed once the last one has dropped it as well', () => {
    const { book, orion, addepar } = twoPlatforms();
    for (const c of [orion, addepar]) book.pass(c, [ALDER, CEDAR], { asOf: DAY_1 });
    book.pass(addepar, [CEDAR]);
    expect(book.conflicts()).toHaveLength(1);
    book.pass(orion, [CEDAR]);
    expect([book.position()?.[0], book.conflicts()]).toEqual(['not_held', []]);
  });

  test('is not closed on the word of one while the other has not reported for that date', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [ALDER, CEDAR], { asOf: DAY_1 });
    book.pass(addepar, [CEDAR], { asOf: DAY_1 });
    book.pass(orion, [CEDAR], { asOf: DAY_2 });
    expect(book.position()?.[0]).toBe('held');
    book.pass(addepar, [CEDAR], { asOf: DAY_2 });
    expect([book.position()?.[0], book.conflicts()]).toEqual(['not_held', []]);
  });

  test('heals when it is reported again', () => {
    const { book, orion, addepar } = twoPlatforms();
    for (const c of [orion, addepar]) book.pass(c, [ALDER, CEDAR], { asOf: DAY_1 });
    book.pass(addepar, [CEDAR]);
    expect(book.pass(addepar, [ALDER, CEDAR])).toMatchObject({ conflictsHealed: 1 });
    expect(book.conflicts()).toEqual([]);
  });

  test('is not asked about again once a person kept it, until a source changes its mind', () => {
    const { book, orion, addepar } = twoPlatforms();
    for (const c of [orion, addepar]) book.pass(c, [ALDER, CEDAR], { asOf: DAY_1 });
    book.pass(addepar, [CEDAR]);
    book.decide('presence', 'CLEARWAY_WINS');
    expect(book.pass(addepar, [CEDAR], { asOf: DAY_3 })).toMatchObject({ conflictsOpened: 0 });
    expect(book.pass(orion, [CEDAR], { asOf: DAY_3 })).toMatchObject({ conflictsOpened: 1 });
    expect(book.conflicts()).toEqual([
      `Birch/Alder presence missing_at_source: - | held | ${orion}=not_held ${addepar}=not_held`,
    ]);
  });
});

describe('a position new to the book that not all sources know', () => {
  test.each([['the source with it first'], ['the source with it last']])(
    'is taken in when the better ranked one has it: %s',
    (order) => {
      const { book, orion, addepar } = twoPlatforms();
      const passes = [() => book.pass(orion, [ALDER, CEDAR]), () => book.pass(addepar, [CEDAR])];
      for (const pass of order.endsWith('first') ? passes : passes.toReversed()) pass();
      expect(book.position()?.[0]).toBe('held');
      expect(book.conflicts()).toEqual([`Birch/Alder presence only_at_source: - | held | ${orion}=held ${addepar}=not_held`]);
    },
  );

  test.each([['the source with it first'], ['the source with it last']])(
    'waits outside when the better ranked one is without it: %s',
    (order) => {
      const { book, orion, addepar } = twoPlatforms();
      const passes = [() => book.pass(addepar, [ALDER, CEDAR]), () => book.pass(orion, [CEDAR])];
      for (const pass of order.endsWith('first') ? passes : passes.toReversed()) pass();
      expect(book.position()?.[0]).toBe('not_held');
      expect(book.conflicts()).toEqual([`Birch/Alder presence only_at_source: - | not_held | ${orion}=not_held ${addepar}=held`]);
    },
  );

  test('stays outside on the next day until the better ranked one knows it or a person takes it in, with the values of that day', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [CEDAR]);
    book.pass(addepar, [ALDER, CEDAR]);
    book.pass(addepar, [{ quantity: '110', price: '11', marketValue: '1210' }, CEDAR], { asOf: DAY_3 });
    expect(book.position()?.[0]).toBe('not_held');
    book.decide('presence', 'PLATFORM_WINS', { connectionId: String(addepar) });
    expect([book.position(), book.conflicts()]).toEqual([['held', '110', '11', '1210', null], []]);
  });

  test('comes in when the better ranked one reports it', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [CEDAR]);
    book.pass(addepar, [ALDER, CEDAR]);
    book.pass(orion, [{ quantity: '101', price: '10' }, CEDAR]);
    // Orion states no market value, so Addepar's stands.
    expect(book.position()).toEqual(['held', '101', '10', '1000', null]);
    expect(book.conflicts()).toEqual([`Birch/Alder quantity sources_disagree: - | 101 | ${orion}=101 ${addepar}=100`]);
  });

  test('a third source that knows it joins the question', () => {
    const { book, orion, addepar } = twoPlatforms();
    const diamond = book.connection('Black Diamond', 3, 'black_diamond');
    book.pass(orion, [ALDER, CEDAR]);
    book.pass(addepar, [CEDAR]);
    book.pass(diamond, [ALDER, CEDAR]);
    expect(book.conflicts()).toEqual([
      `Birch/Alder presence missing_at_source: - | held | ${orion}=held ${addepar}=not_held ${diamond}=held`,
    ]);
  });

  test('is only a question where the other source knows the account', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{ ...CEDAR, account: 'Rowan' }]);
    book.pass(addepar, [ALDER]);
    expect([book.position()?.[0], book.conflicts()]).toEqual(['held', []]);
  });
});

describe('a position a person closed', () => {
  function closedByPerson() {
    const { book, orion, addepar } = twoPlatforms();
    for (const c of [orion, addepar]) book.pass(c, [ALDER, CEDAR], { asOf: DAY_1 });
    book.pass(addepar, [CEDAR], { asOf: DAY_1 });
    book.decide('presence', 'PLATFORM_WINS', { connectionId: String(addepar) });
    return { book, orion, addepar };
  }

  test('stays closed while the sources say what they said then', () => {
    const { book, orion } = closedByPerson();
    expect(book.pass(orion, [ALDER, CEDAR], { asOf: DAY_2 })).toMatchObject({ conflictsOpened: 0 });
    expect([book.position()?.[0], book.conflicts()]).toEqual(['not_held', []]);
  });

  test('is asked about, not reopened, when a source takes it up again; accepting gives the values of now', () => {
    const { book, orion, addepar } = closedByPerson();
    book.pass(orion, [CEDAR], { asOf: DAY_2 });
    book.pass(addepar, [{ quantity: '70', price: '11', marketValue: '770' }, CEDAR], { asOf: DAY_3 });
    expect(book.position()?.[0]).toBe('not_held');
    expect(book.conflicts()).toEqual([`Birch/Alder presence both_changed: - | not_held | ${orion}=not_held ${addepar}=held`]);
    book.decide('presence', 'PLATFORM_WINS', { connectionId: String(addepar) });
    expect(book.position()).toEqual(['held', '70', '11', '770', null]);
  });

  test('and that question goes away when no source reports it any more', () => {
    const { book, orion, addepar } = closedByPerson();
    book.pass(orion, [CEDAR], { asOf: DAY_2 });
    book.pass(addepar, [ALDER, CEDAR], { asOf: DAY_3 });
    expect(book.pass(addepar, [CEDAR], { asOf: DAY_3 })).toMatchObject({ conflictsHealed: 1 });
    expect([book.position()?.[0], book.conflicts()]).toEqual(['not_held', []]);
  });
});
