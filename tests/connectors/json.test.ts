import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dec, tryDec } from '../../shared/model/decimal.ts';
import {
  JsonError,
  jsonDecimal,
  jsonId,
  jsonList,
  jsonOneOf,
  jsonText,
  parseLossless,
  toDec,
  toIdText,
} from '../../main/connectors/json.ts';

const one = z.object({ n: jsonDecimal });
const numberOf = (token: string): string => toDec(one.parse(parseLossless(`{"n":${token}}`)).n);
const messageOf = (schema: z.ZodType, text: string): string | undefined =>
  schema.safeParse(parseLossless(text)).error?.issues[0]?.message;

const digits = (most: number) => fc.stringMatching(new RegExp(`^\\d{1,${most}}$`));
/** Any JSON number token of up to 38 digits, with or without exponent. */
const token = fc
  .record({
    minus: fc.boolean(),
    whole: digits(20).map((text) => text.replace(/^0+(?=.)/, '')),
    fraction: fc.option(digits(18), { nil: undefined }),
    exponent: fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 40 })), {
      nil: undefined,
    }),
  })
  .map(
    ({ minus, whole, fraction, exponent }) =>
      `${minus ? '-' : ''}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`,
  );

/** Text that looks like numbers, escapes and structure, to stand beside the real ones. */
const decoy = fc.oneof(
  fc.string(),
  token,
  fc.constantFrom(
    '12345678901234567890',
    ':1234567890123456,',
    '"',
    '\\',
    '\\"',
    '{"n":1e999}',
    '[1234567890123456789]',
    '\\u0000',
    '1e400',
  ),
);

describe('lossless JSON', () => {
  it('brings every number of up to 38 digits back digit for digit, among strings that look like numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ token, before: decoy, key: decoy, after: decoy, space: fc.constantFrom('', ' ', '\n\t') }), {
          maxLength: 8,
        }),
        (records) => {
          const text = `[${records
            .map(
              ({ token: n, before, key, after, space: s }) =>
                `{${s}"a":${JSON.stringify(before)},${s}"n"${s}:${s}${n}${s},"list":[${n},${s}-0,${n}],${JSON.stringify(`k${key}`)}:${JSON.stringify(after)}}`,
            )
            .join(',')}]`;
          const schema = z.array(z.object({ a: jsonText, n: jsonDecimal, list: z.array(jsonDecimal) }));
          const read = schema.parse(parseLossless(text));
          expect(read.map((record) => ({ a: record.a, n: toDec(record.n), list: record.list.map(toDec) }))).toEqual(
            records.map(({ token: n, before }) => ({ a: before, n: dec(n), list: [dec(n), '0', dec(n)] })),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps what a double would lose', () => {
    const cases = {
      '0.1': '0.1',
      '-0': '0',
      '-0.0': '0',
      '100.0': '100',
      '4.37E8': '437000000',
      '1e-7': '0.0000001',
      '123456789012345': '123456789012345', // 15 digits: the longest that a double is sure to keep
      '9007199254740993': '9007199254740993', // 2^53 + 1: a double would say ...992
      '12345678901234567.12345678': '12345678901234567.12345678',
      '0.30000000000000004': '0.30000000000000004',
      '1e-99': `0.${'0'.repeat(98)}1`,
      '12345678901234567890123456789012345678': '12345678901234567890123456789012345678',
    };
    for (const [sent, kept] of Object.entries(cases)) expect([sent, numberOf(sent)]).toEqual([sent, kept]);
  });

  it('refuses numbers beyond all bounds instead of calling them infinite or zero', () => {
    for (const sent of ['1e400', '-1e400', '1e309', '1e-400', '4.9e-324', '1e130', `1${'0'.repeat(300)}`]) {
      expect(messageOf(one, `{"n":${sent}}`)).toBe('is a number too large or too small to keep exactly');
    }
  });

  it('refuses text where a number is documented, and everything else that is no number', () => {
    expect(messageOf(one, '{"n":"12.5"}')).toBe('should be a number but is text');
    expect(messageOf(one, '{"n":null}')).toBe('is null');
    expect(messageOf(one, '{}')).toBe('is missing');
    expect(messageOf(one, '{"n":true}')).toBe('should be a number but is true or false');
    expect(messageOf(one, '{"n":{"value":1}}')).toBe('should be a number but is an object');
  });

  it('refuses a number where text is documented, even one kept by its digits', () => {
    for (const sent of ['1', '12345678901234567890'])
      expect(messageOf(z.object({ t: jsonText }), `{"t":${sent}}`)).toBe('should be text but is a number');
  });

  it('reads ids that are numbers or text, of any length, and refuses fractions and blanks', () => {
    const schema = z.object({ id: jsonId });
    const idOf = (sent: string) => toIdText(schema.parse(parseLossless(`{"id":${sent}}`)).id);
    expect([idOf('42'), idOf('"42"'), idOf('88100200300'), idOf('12345678901234567890')]).toEqual([
      '42',
      '42',
      '88100200300',
      '12345678901234567890',
    ]);
    expect(messageOf(schema, '{"id":1.5}')).toBe('should be a whole number or text but is a number');
    expect(messageOf(schema, '{"id":""}')).toBe('is empty');
  });

  it('names an unknown value of a closed list and does not guess', () => {
    expect(messageOf(z.object({ kind: jsonOneOf(['Bond', 'CD']) }), '{"kind":"Crypto"}')).toBe(
      'has the value “Crypto”, which this connector does not know',
    );
    expect(messageOf(jsonList, '{}')).toBe('should be a list but is an object');
  });

  it('refuses what is not JSON, also where long numbers are looked at apart', () => {
    for (const text of [
      '',
      '{',
      '{"n":}',
      '[1234567890123456789',
      '{"n":01234567890123456789}',
      '{"n":1234567890123456789.}',
      '{"n":1234567890123456789e}',
      '{"n":-}',
    ]) {
      expect(() => parseLossless(text)).toThrow(JsonError);
    }
  });

  it('refuses an object that names a member twice, however it is written, and nothing else', () => {
    const twice = [
      '{"n":1,"n":2}',
      '[{"a":{"n":1,"m":{"n":1},"n":3}}]',
      '{"n" : 1, "n" : 1}',
      '{"n":1,"\\u006e":2}',
      '{"n":12345678901234567890,"n":1}',
      '{"t":"\\\\","n":1,"n":2}',
    ];
    for (const text of twice) expect(() => parseLossless(text)).toThrow('two members named n,');
    for (const text of ['{"a":{"n":1},"n":2}', '[{"n":1},{"n":2}]', '{"t":"\\"n\\":1,\\"n\\":2","n":1}', '{"n" :1, "m" :2}'])
      expect(() => parseLossless(text)).not.toThrow();
  });

  it('reads documents that nest a hundred thousand levels deep without falling over', () => {
    const deep = `{"n":1,"other":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(toDec(one.parse(parseLossless(deep)).n)).toBe('1');
  });

  it('cannot be fooled by a document that uses the name kept numbers are held under', () => {
    for (const text of ['{"n":{"\\u0000":"7"}}', '{"n":{"\\u0000":"7"},"m":12345678901234567890}'])
      expect(() => parseLossless(text)).toThrow(JsonError);
    // The same character elsewhere is harmless.
    expect(z.object({ t: jsonText }).parse(parseLossless('{"t":"a\\u0000b"}')).t).toBe('a\u0000b');
  });

  it('does not let a member called __proto__ reach any prototype', () => {
    const read = z.object({ n: jsonDecimal }).parse(parseLossless('{"__proto__":{"polluted":1},"n":1}'));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Object.keys(read)).toEqual(['n']);
  });

  it('accepts exactly what the decimal type accepts', () => {
    fc.assert(
      fc.property(token, (sent) => {
        expect(one.safeParse(parseLossless(`{"n":${sent}}`)).success).toBe(tryDec(sent) !== null);
      }),
    );
  });
});

describe('connector schemas', () => {
  it('never read numbers as doubles or text through plain zod types', () => {
    const root = join(import.meta.dirname, '../../main/connectors');
    const files = ['orion', 'addepar', 'black-diamond'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((file) => join(root, folder, file)),
    );
    const offenders = files.filter((file) =>
      /z\.(?:number|float\w+|coerce)\b|parseFloat|\.toFixed\(/.test(readFileSync(file, 'utf8')),
    );
    expect(files.length).toBeGreaterThan(15);
    expect(offenders).toEqual([]);
  });
});
