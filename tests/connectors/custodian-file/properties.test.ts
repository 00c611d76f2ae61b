import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, ZERO, type Dec } from '../../../shared/model/decimal.ts';
import { ConnectorError } from '../../../main/connectors/connector.ts';
import { readOfx } from '../../../main/connectors/custodian-file/read-ofx.ts';
import { toSourcePage } from '../../../main/connectors/custodian-file/source-page.ts';
import { documents } from './generated-statements.ts';
import { written, type Style } from './ofx-writer.ts';

/** A result without the places, which differ from one way of writing to another. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) =>
      key === 'line' || key === 'column' || key === 'raw' || key === 'format' || key === 'version'
        ? undefined
        : typeof part === 'string'
          ? part.replaceAll(/line \d+(?:, column \d+)?/gi, 'line')
          : part,
    ),
  );
}

describe('generated statements', () => {
  it('read the same from SGML, closed SGML, one line of SGML, and XML', () => {
    fc.assert(
      fc.property(documents, (root) => {
        const read = (style: Style): unknown => {
          const content = written(root, style);
          const file = readOfx(content);
          return withoutPlaces([file, toSourcePage(file, content)]);
        };
        const expected = read('sgml');
        for (const style of ['sgml-closed', 'sgml-one-line', 'xml'] as const) expect(read(style)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('lose no row: every one is taken or rejected with a reason', () => {
    fc.assert(
      fc.property(documents, (root) => {
        const file = readOfx(written(root));
        const text = new TextDecoder().decode(written(root));
        const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
        const rejected = file.statements.flatMap((s) => s.rejected);
        const positionRows = count(/<POS(?:STOCK|MF|DEBT|OPT|OTHER|NEW)>/g);
        expect(file.statements.flatMap((s) => s.positions).length + rejected.filter((r) => r.tag.startsWith('POS')).length).toBe(
          positionRows,
        );
        const transactionRows = count(
          /<(?:BUYSTOCK|BUYOPT|SELLMF|SELLDEBT|INCOME|REINVEST|TRANSFER|RETOFCAP|SPLIT|CLOSUREOPT|MYSTERY|INVBANKTRAN)>/g,
        );
        const others = rejected.filter(
          (r) => !r.tag.startsWith('POS') && !['BAL', 'AVAILCASH', 'TOTAL', 'PRETAX'].includes(r.tag),
        );
        expect(file.statements.flatMap((s) => s.transactions).length + others.length).toBe(transactionRows);
        for (const row of rejected) expect(row.reason).toMatch(/^Line \d+.*\.$/);
      }),
      { numRuns: 150 },
    );
  });

  it('make pages in which ids are unique, named things exist and no unit appears or disappears', () => {
    fc.assert(
      fc.property(documents, (root) => {
        const content = written(root);
        const file = readOfx(content);
        const page = toSourcePage(file, content);
        for (const records of [page.accounts, page.securities, page.holdings, page.transactions]) {
          const ids = records.map((record) => record.externalId);
          expect(new Set(ids).size).toBe(ids.length);
        }
        const accounts = new Set(page.accounts.map((a) => a.externalId));
        const securities = new Set(page.securities.map((s) => s.externalId));
        for (const record of [...page.holdings, ...page.transactions]) {
          expect(accounts.has(record.accountExternalId)).toBe(true);
          expect(record.securityExternalId === null || securities.has(record.securityExternalId)).toBe(true);
        }
        const setAside = page.quarantined
          .filter((q) => q.reason.startsWith('The holding of'))
          .map((q) => (JSON.parse(q.raw) as { quantity: Dec }).quantity);
        const stated = file.statements.flatMap((s) => [...s.positions.map((p) => p.quantity), ...s.cash.map((c) => c.value)]);
        const total = (values: readonly Dec[]): Dec => values.reduce(add, ZERO);
        expect(total([...page.holdings.map((h) => h.quantity), ...setAside])).toBe(total(stated));
      }),
      { numRuns: 150 },
    );
  });
});

/** Reads, allows only the declared error, and makes sure that it ended soon. */
function survives(content: Uint8Array): void {
  const started = performance.now();
  try {
    toSourcePage(readOfx(content), content);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    expect(error.kind).toBe('bad_response');
    expect(error.message).toMatch(/^[A-Z].*\.$/s);
  }
  expect(performance.now() - started).toBeLessThan(2_000);
}

describe('damaged files', () => {
  const originals = ['harbor-elm-brokerage.qfx', 'larchfield-plan.ofx'].map((name) =>
    readFileSync(join(import.meta.dirname, 'fixtures', name)),
  );
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const change = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), at: place, byte: fc.nat(255) }),
    fc.record({
      kind: fc.constant('insert' as const),
      at: place,
      text: fc.constantFrom('<', '>', '</', '<!--', '<![CDATA[', '<?', '&#', '\u0000', '<OFX>', '</OFX>', '<UNITS>', '"', ','),
    }),
    fc.record({ kind: fc.constant('cut' as const), at: place, length: fc.nat(300) }),
    fc.record({ kind: fc.constant('repeat' as const), at: place, length: fc.nat(2_000) }),
    fc.record({ kind: fc.constant('end' as const), at: place }),
  );

  it('are read or refused with the declared error after any damage', () => {
    fc.assert(
      fc.property(fc.constantFrom(...originals), fc.array(change, { minLength: 1, maxLength: 8 }), (original, changes) => {
        let content = Buffer.from(original);
        for (const step of changes) {
          const at = Math.floor(step.at * content.length);
          const [before, after] = [content.subarray(0, at), content.subarray(at)];
          if (step.kind === 'set') content = Buffer.concat([before, Buffer.from([step.byte]), after.subarray(1)]);
          else if (step.kind === 'insert') content = Buffer.concat([before, Buffer.from(step.text), after]);
          else if (step.kind === 'cut') content = Buffer.concat([before, after.subarray(step.length)]);
          else if (step.kind === 'repeat') content = Buffer.concat([before, after.subarray(0, step.length), after]);
          else content = before;
        }
        survives(content);
      }),
      { numRuns: 400 },
    );
  });

  it('are read or refused when they are pieces of tags in any order', () => {
    const piece = fc.constantFrom(
      '<OFX>',
      '</OFX>',
      '<INVSTMTMSGSRSV1>',
      '</INVSTMTMSGSRSV1>',
      '<INVSTMTTRNRS>',
      '<INVSTMTRS>',
      '</INVSTMTRS>',
      '<DTASOF>20240131',
      '<CURDEF>USD',
      '<INVACCTFROM><ACCTID>1</INVACCTFROM>',
      '<INVPOSLIST>',
      '</INVPOSLIST>',
      '<POSSTOCK>',
      '</POSSTOCK>',
      '<MEMO>',
      '<X/>',
      'text',
      '&amp;',
      '<!-- -->',
      '<',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) =>
        survives(new TextEncoder().encode(`OFXHEADER:100\n<OFX>${pieces.join('')}</OFX>`)),
      ),
      { numRuns: 400 },
    );
  });

  it('are refused when they are any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (content) => survives(content)),
      { numRuns: 200 },
    );
  });
});
