import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonCutter } from '../../main/connectors/json-cut.ts';

const escape = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1');

function* places(value: unknown, pointer = ''): Generator<[string, unknown]> {
  yield [pointer, value];
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* places(item, `${pointer}/${i}`);
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* places(item, `${pointer}/${escape(key)}`);
}

describe('cutting records out of JSON', () => {
  it('finds every value of any document by its pointer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const cut = createJsonCutter(JSON.stringify(value, null, indent));
        for (const [pointer, part] of places(JSON.parse(JSON.stringify(value))))
          expect(JSON.parse(cut(pointer) ?? '')).toEqual(part);
      }),
    );
  });

  it('returns the bytes as received: spaces, digits and escapes included', () => {
    const text = '[ {"id": 1.50, "t":"a\\u0041\\"]" } ,\n {"id":2.0}]';
    expect([createJsonCutter(text)('/0'), createJsonCutter(text)('/0/id'), createJsonCutter(text)('/1')]).toEqual([
      '{"id": 1.50, "t":"a\\u0041\\"]" }',
      '1.50',
      '{"id":2.0}',
    ]);
  });

  it('answers null for places that do not exist', () => {
    const cut = createJsonCutter('{"a":[1,2]}');
    expect([cut('/a/2'), cut('/b'), cut('/a/0/x'), cut('/a/-1')]).toEqual([null, null, null, null]);
  });

  it('stays linear when every record of a large page is cut out', () => {
    const records = Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'x'.repeat(100) }));
    const cut = createJsonCutter(JSON.stringify(records));
    const from = performance.now();
    for (const [index, record] of records.entries()) expect(cut(`/${index}`)?.startsWith(`{"id":${record.id},`)).toBe(true);
    // Scanning from the start each time would read 20,000 x 1.2 MB = 24 GB.
    expect(performance.now() - from).toBeLessThan(5000);
  });
});
