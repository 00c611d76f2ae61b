import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSyncBook, type Says } from './sync-book.ts';

const NAMES = ['Alder', 'Cedar', 'Elm'] as const;
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

// Values far enough apart that agreeing is transitive; every source knows the account through a position they all hold.
const position = fc.record({
  security: fc.constantFrom(...NAMES),
  quantity: fc.constantFrom('100', '120', '240'),
  price: fc.constantFrom('10', '11', undefined),
  costBasis: fc.constantFrom('900', '1000', undefined),
});
const report = fc.uniqueArray(position, { selector: (p) => p.security, maxLength: 3 }).map((positions) => [
  { security: 'Anchor', quantity: '1', price: '1' },
  ...positions.map(({ price, costBasis, ...rest }) => ({
    ...rest,
    ...(price ? { price } : {}),
    ...(costBasis ? { costBasis } : {}),
  })),
]);

/** Positions and open questions after the passes, told by names only, so that books with other row ids compare. */
function outcome(reports: readonly (readonly Says[])[], order: readonly number[], opening: boolean): unknown {
  const book = createSyncBook();
  try {
    const connections = [
      book.connection('Orion', 2),
      book.connection('Addepar', 1, 'addepar'),
      book.connection('Black Diamond', 3, 'black_diamond'),
    ];
    if (opening)
      for (const c of connections)
        book.pass(
          c,
          [
            { security: 'Anchor', quantity: '1', price: '1' },
            { quantity: '100', price: '10' },
          ],
          { asOf: '2026-11-19' },
        );
    for (const i of order) book.pass(connections[i] ?? 0, reports[i] ?? []);
    const shown = ['Anchor', ...NAMES].map((name) => {
      const found = book.position('Birch', name);
      return [name, ...(found ?? [])];
    });
    return {
      shown: shown.map((p) => (p[1] === undefined ? [p[0], 'not_held'] : p)),
      conflicts: book.conflicts().map((c) => c.replace(/: [^|]+\|/, ':')),
    };
  } finally {
    book.close();
  }
}

test.each([
  ['an empty book', false],
  ['a book they all agreed on the day before', true],
])(
  'passes of three sources applied to %s in any order give the same positions and the same open conflicts',
  { timeout: 120_000 },
  (_name, opening) => {
    fc.assert(
      fc.property(fc.tuple(report, report, report), fc.constantFrom(...ORDERS.slice(1)), (reports, order) => {
        expect(outcome(reports, order, opening)).toEqual(outcome(reports, ORDERS[0], opening));
      }),
      { numRuns: 40 },
    );
  },
);
