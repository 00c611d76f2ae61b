import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { dec } from '../../shared/model/decimal.ts';
import type { OpeningBook } from '../../shared/model/opening-book.ts';
import { syncJobs } from '../../main/sync/jobs.ts';
import { DAY_1, DAY_2, testBook, type Says, type SyncBook } from './sync-book.ts';

const TABLES = [
  'holdings',
  'holding_bases',
  'conflicts',
  'source_holdings',
  'accounts',
  'securities',
  'account_links',
  'security_links',
  'batches',
  'sync_operations',
  'staged_pages',
  'audit_entries',
];
const positions = (count: number, more: Says = {}): Says[] =>
  Array.from({ length: count }, (_, i) => ({ security: `Fir${i}`, price: '10', ...more }));
const operation = (book: SyncBook): Record<string, unknown> | undefined =>
  book.all<Record<string, unknown>>(
    'SELECT status, as_of, counts, pages, error_code FROM sync_operations ORDER BY id DESC LIMIT 1',
  )[0];

describe('a record that the source named but that could not be read', () => {
  test('stays what it was, and its position with it; one that is not named any more ends', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, positions(3), { asOf: DAY_1 });
    const counts = book.pass(orion, positions(1), { setAside: ['Birch/Fir1'] });
    expect([counts.removed, counts.quarantined]).toEqual([1, 1]);
    const open = book.all<{ id: string }>('SELECT external_id AS id FROM source_holdings WHERE valid_to_op IS NULL ORDER BY id');
    expect(open.map((row) => row.id)).toEqual(['Birch/Fir0', 'Birch/Fir1']);
    expect(['Fir0', 'Fir1', 'Fir2'].map((name) => book.position('Birch', name)?.[0])).toEqual(['held', 'held', 'not_held']);
  });

  test('keeps every position of an account that could not be read', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [...positions(2), { account: 'Cedar', security: 'Fir9', price: '10' }], { asOf: DAY_1 });
    const counts = book.pass(orion, [{ account: 'Cedar', security: 'Fir9', price: '10' }], { setAside: ['acc-Birch'] });
    expect(counts.removed).toBe(0);
  });
});

describe('a pass of several pages', () => {
  test('gives the same book as one page', () => {
    const read = (pageSize: number): unknown => {
      const book = testBook();
      const orion = book.connection('Orion', 1);
      book.pass(orion, positions(7), { pageSize, asOf: DAY_1 });
      book.pass(orion, positions(7, { price: '11' }), { pageSize });
      return [
        Array.from({ length: 7 }, (_, i) => book.position('Birch', `Fir${i}`)),
        book.versions(),
        operation(book)?.['counts'],
      ];
    };
    expect(read(2)).toEqual(read(100));
  });

  test('is merged as it stands in the table, whatever the writer still remembers of it', () => {
    const read = (remembers: boolean): unknown => {
      const book = testBook();
      const orion = book.connection('Orion', 1);
      const id = book.stage(orion, positions(5), { pageSize: 2 });
      if (!remembers) {
        // As after a restart: the same pages, but packed so that no page in memory fits them.
        const repack = book.db.prepare('UPDATE staged_pages SET holdings = ? WHERE operation_id = ? AND seq = ?');
        for (const { seq, holdings } of book.all<{ seq: number; holdings: Buffer }>('SELECT seq, holdings FROM staged_pages'))
          repack.run(zstdCompressSync(zstdDecompressSync(holdings), { params: { [constants.ZSTD_c_checksumFlag]: 1 } }), id, seq);
      }
      book.merge(id);
      return [book.versions(), Array.from({ length: 5 }, (_, i) => book.position('Birch', `Fir${i}`))];
    };
    expect(read(false)).toEqual(read(true));
  });

  test('takes what a page says after it was fetched anew', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    const id = book.stage(orion, positions(2));
    book.run(null, (context) => syncJobs['sync/start-over'](book.db, { operationId: id }, context));
    book.stage(orion, positions(2, { price: '12' }), { into: id });
    book.merge(id);
    expect(book.position('Birch', 'Fir0')?.[2]).toBe('12');
  });

  test('is merged once, and its staged pages go', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    const id = book.stage(orion, positions(3), { pageSize: 1 });
    expect(book.one('SELECT count(*) FROM staged_pages')).toBe(3);
    book.merge(id);
    expect(operation(book)).toMatchObject({ status: 'completed', as_of: DAY_2, pages: 3 });
    expect(book.one('SELECT count(*) FROM staged_pages')).toBe(0);
    expect(() => book.merge(id)).toThrow(/was stopped/);
  });

  test('pages out of turn and pages of a stopped operation are refused', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    const id = book.stage(orion, positions(1));
    book.run(null, (context) =>
      syncJobs['sync/fail'](book.db, { operationId: id, code: 'cancelled', message: 'Stopped', needsSignIn: false }, context),
    );
    expect(book.one('SELECT count(*) FROM staged_pages')).toBe(0);
    expect(() => book.merge(id)).toThrow(/was stopped/);
    expect(() =>
      book.run(null, (context) => syncJobs['sync/resume'](book.db, { operationId: id, acceptShrink: false }, context)),
    ).toThrow(/Only a failed sync/);
  });

  test('a second operation of the same connection is refused while one is at work', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.stage(orion, positions(1));
    expect(() => book.stage(orion, positions(1))).toThrow(/syncing already/);
  });
});

describe('a merge that does not finish', () => {
  test('leaves everything as it was, and merging again gives what merging at once would have given', () => {
    const read = (interrupted: boolean): unknown => {
      const book = testBook();
      const orion = book.connection('Orion', 1);
      book.pass(orion, positions(5), { asOf: DAY_1 });
      const id = book.stage(orion, positions(4, { price: '11' }));
      if (interrupted) {
        const before = book.dump(TABLES);
        expect(() =>
          book.run(null, (context) => {
            syncJobs['sync/merge'](
              book.db,
              { operationId: id, tolerances: { quantity: zero, price: zero, marketValue: zero, costBasis: zero, cash: zero } },
              context,
            );
            throw new Error('The power went off');
          }),
        ).toThrow('The power went off');
        expect(book.dump(TABLES)).toEqual(before);
        expect(book.run(null, (context) => syncJobs['sync/recover'](book.db, undefined, context))).toBe(1);
        expect(book.claim()).toMatchObject([{ operationId: id, status: 'staged' }]);
      }
      book.merge(id);
      return book.dump(['holdings', 'holding_bases', 'conflicts', 'source_holdings', 'accounts', 'account_links']);
    };
    expect(read(true)).toEqual(read(false));
  });

  test('a resumed operation knows whether its pages are complete', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    const id = book.stage(orion, positions(3), { pageSize: 2 });
    const fail = (): null =>
      book.run(null, (context) =>
        syncJobs['sync/fail'](
          book.db,
          { operationId: id, code: 'platform_unreachable', message: 'No answer', needsSignIn: false },
          context,
        ),
      );
    const resume = () =>
      book.run(null, (context) => syncJobs['sync/resume'](book.db, { operationId: id, acceptShrink: false }, context));
    fail();
    expect(resume()).toMatchObject({ status: 'queued', pages: 2 });
    expect(book.claim()).toMatchObject([{ operationId: id, status: 'staged', pages: 2 }]);
    expect(resume).toThrow(/syncing already/);
    expect(book.run(null, (context) => syncJobs['sync/start-over'](book.db, { operationId: id }, context))).toMatchObject({
      status: 'fetching',
      pages: 0,
      cursor: null,
    });
    expect(book.one('SELECT count(*) FROM staged_pages')).toBe(0);
  });

  test('starting a pass over forgets the records it had set aside', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    const id = book.stage(orion, positions(1));
    book.db
      .prepare(
        "INSERT INTO quarantined_records (operation_id, payload_id, external_id, reason, path, raw) VALUES (?, (SELECT max(id) FROM raw_payloads), 'x', 'No quantity', 'units', '{}')",
      )
      .run(id);
    book.run(null, (context) => syncJobs['sync/start-over'](book.db, { operationId: id }, context));
    expect(book.one('SELECT count(*) FROM quarantined_records')).toBe(0);
  });

  test('one that is asked to stop stops, and nothing of it is applied', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    const id = book.stage(orion, positions(2001)); // looked at every 2,000 records
    book.cancel();
    expect(() => book.merge(id)).toThrow(/nothing of it was applied/);
    expect(book.one('SELECT count(*) FROM holdings')).toBe(0);
  });
});

describe('a pass that removes much', () => {
  // 55 positions: 11 fewer are exactly a fifth, which is allowed; 12 are more than a fifth and more than ten.
  test.each([
    [11, true],
    [12, false],
  ])('removing %i of 55 goes through: %s', (removed, allowed) => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, positions(55), { asOf: DAY_1 });
    const id = book.stage(orion, positions(55 - removed));
    const before = book.dump(TABLES);
    if (allowed) expect(book.merge(id).removed).toBe(removed);
    else {
      expect(() => book.merge(id)).toThrow('This pass would remove 12 of 55 positions');
      expect(book.dump(TABLES)).toEqual(before);
    }
  });

  test('ten of twelve may go, because ten are not many', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, positions(12), { asOf: DAY_1 });
    expect(book.pass(orion, positions(2))).toMatchObject({ removed: 10 });
  });

  test('goes through when a person accepts it', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, positions(30), { asOf: DAY_1 });
    const id = book.stage(orion, positions(5));
    expect(() => book.merge(id)).toThrow(/would remove 25 of 30/);
    book.run(null, (context) =>
      syncJobs['sync/fail'](
        book.db,
        { operationId: id, code: 'suspicious_shrink', message: 'Stopped', needsSignIn: false },
        context,
      ),
    );
    book.run(null, (context) => syncJobs['sync/resume'](book.db, { operationId: id, acceptShrink: true }, context));
    book.claim();
    expect(book.merge(id)).toMatchObject({ removed: 25, adopted: 25 });
    expect(book.one("SELECT count(*) FROM holdings WHERE status = 'held'")).toBe(5);
  });
});

describe('an opening book', () => {
  const opening: OpeningBook = {
    firm: 'Birchwood family office',
    asOf: DAY_1 as never,
    portfolios: [{ key: 'p', name: 'Birchwood' }],
    accounts: [
      {
        key: 'a',
        portfolioKey: 'p',
        name: 'Birch',
        number: 'N-BIRCH',
        custodian: 'Fidelity',
        currency: 'USD',
        platformIds: { orion: 'acc-Birch' },
      },
    ],
    securities: [
      {
        key: 's',
        name: 'Alder',
        type: 'stock',
        ticker: 'ALDER',
        cusip: 'C-ALDER',
        isin: null,
        sedol: null,
        currency: 'USD',
        multiplier: dec('1'),
        platformIds: {},
      },
    ],
    holdings: [
      {
        accountKey: 'a',
        securityKey: 's',
        quantity: dec('100'),
        price: dec('10'),
        marketValue: dec('1000'),
        costBasis: null,
        currency: 'USD',
      },
    ],
    edits: [],
  };
  const at = { price: '10', marketValue: '1000' };

  test('is the base of a source that has not reported yet: what the source changed is adopted', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.open(opening, { orion });
    expect(book.pass(orion, [{ ...at, quantity: '110', marketValue: '1100', costBasis: '900' }])).toMatchObject({
      adopted: 1,
      conflictsOpened: 0,
    });
    expect(book.position()).toEqual(['held', '110', '10', '1100', '900']);
  });

  test('what an analyst changed since is kept where the source did not move, and is a conflict where it did', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.open(
      {
        ...opening,
        edits: [
          { accountKey: 'a', securityKey: 's', field: 'price', value: dec('12'), by: 'Desk', reason: 'Vendor' },
          { accountKey: 'a', securityKey: 's', field: 'quantity', value: dec('101'), by: 'Desk', reason: 'Call' },
        ],
      },
      { orion },
    );
    book.pass(orion, [{ ...at, quantity: '105' }]);
    expect(book.position()).toEqual(['held', '101', '12', '1000', null]);
    expect(book.conflicts()).toEqual([`Birch/Alder quantity both_changed: 100 | 101 | ${orion}=105`]);
  });

  test('a position the source does not report is a question, not a removal, while nobody else speaks', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    book.open(opening, { orion });
    book.pass(orion, [{ security: 'Cedar' }], { accounts: [] });
    expect(book.position()?.[0]).toBe('not_held'); // Orion alone covers the account and no person put it there
    expect(addepar).toBe(2);
  });
});

describe('a settled conflict', () => {
  function settled() {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
    book.edit('price', '12');
    book.pass(orion, [{ price: '11' }]);
    book.decide('price', 'CLEARWAY_WINS');
    return { book, orion };
  }

  test('drops the base that was kept, and is not offered again with the same values on another day', () => {
    const { book, orion } = settled();
    expect(book.bases()).toEqual([]);
    expect(book.pass(orion, [{ price: '11' }], { asOf: '2026-11-21' })).toMatchObject({ conflictsOpened: 0, adopted: 0 });
    expect([book.position()?.[2], book.conflicts()]).toEqual(['12', []]);
  });

  test('is offered again when the source moves', () => {
    const { book, orion } = settled();
    book.pass(orion, [{ price: '11.5' }], { asOf: '2026-11-21' });
    expect(book.conflicts()).toEqual([`Birch/Alder price both_changed: 11 | 12 | ${orion}=11.5`]);
  });

  test('on the platform’s value: the next change of the platform is adopted', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
    book.edit('price', '12');
    book.pass(orion, [{ price: '11' }]);
    book.decide('price', 'PLATFORM_WINS');
    book.pass(orion, [{ price: '13' }], { asOf: '2026-11-21' });
    expect([book.position()?.[2], book.conflicts()]).toEqual(['13', []]);
  });

  test('between two sources is not offered again until one of them changes', () => {
    const book = testBook();
    const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
    book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
    book.pass(addepar, [{ price: '11' }], { asOf: DAY_1 });
    book.decide('price', 'PLATFORM_WINS', { connectionId: String(addepar) });
    for (const [c, price] of [
      [orion, '10'],
      [addepar, '11'],
    ] as const)
      book.pass(c, [{ price }]);
    expect([book.position()?.[2], book.conflicts()]).toEqual(['11', []]);
    book.pass(orion, [{ price: '10.5' }], { asOf: '2026-11-21' });
    book.pass(addepar, [{ price: '11' }], { asOf: '2026-11-21' });
    expect(book.conflicts()).toHaveLength(1);
    expect(book.position()?.[2]).toBe('11');
  });
});

const zero = { absolute: dec('0'), relative: dec('0') };
