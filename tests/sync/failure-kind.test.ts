import { expect, test } from 'vitest';
import { judgeFailure } from '../../main/sync/failure-kind.ts';
import { PassError } from '../../main/sync/pass.ts';

test('a list that changes again while it is read anew is no unexpected error: it is tried again later, in its own words', () => {
  const message = 'Orion’s list changed while it was being read. The pass starts again.';
  expect(judgeFailure(new PassError({ kind: 'cursor_expired', message }))).toEqual({
    code: 'platform_unreachable',
    kind: 'passing',
    message,
    retryAfterMs: null,
  });
});

test('what nobody foresaw is said to be unexpected, without its inner words', () => {
  expect(judgeFailure(new TypeError('x is not a function'))).toMatchObject({ code: 'internal', kind: 'own' });
  expect(judgeFailure(new TypeError('x is not a function')).message).not.toContain('not a function');
});
