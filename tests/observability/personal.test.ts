import { describe, expect, it } from 'vitest';
import { createPersonalFilter } from '../../main/observability/personal.ts';

const filter = createPersonalFilter([
  { text: 'Cedar Hollow', kind: 'account' },
  { text: 'Cedar Hollow Foundation', kind: 'portfolio' },
  { text: 'The "Birch" trust', kind: 'account' },
  { text: '4000-318842', kind: 'account number' },
  { text: '12', kind: 'account number' },
  { text: 'Älvdalen', kind: 'person' },
]);

describe('taking out what tells who somebody is', () => {
  it.each([
    ['Synced Cedar Hollow today', 'Synced [account] today'],
    ['the longest name wins: cedar hollow FOUNDATION.', 'the longest name wins: [portfolio].'],
    ['at both ends Cedar Hollow', 'at both ends [account]'],
    ['Cedar Hollow, Cedar Hollow', '[account], [account]'],
    [JSON.stringify({ name: 'The "Birch" trust' }), '{"name":"[account]"}'],
    ['number=4000-318842&x', 'number=[account number]&x'],
    ['von älvdalen geändert', 'von [person] geändert'],
    // Part of a longer word or number is something else.
    ['Cedar Hollowway 4000-3188421 X4000-318842', 'Cedar Hollowway 4000-3188421 X4000-318842'],
    ['12 lines, and nothing else', '12 lines, and nothing else'],
    ['', ''],
  ])('%s', (text, expected) => {
    expect(filter(text)).toBe(expected);
  });

  it('takes one pass, however many names there are', () => {
    const names = Array.from({ length: 20_000 }, (_, n) => ({ text: `Account of river ${n}`, kind: 'account' as const }));
    const text = 'nothing personal, Account of rivers, '.repeat(10_000);
    const many = createPersonalFilter(names);
    expect(many(text)).toBe(text);
    expect(many(`${text}Account of river 19999`).endsWith(', [account]')).toBe(true);
  });
});
