import { describe, expect, it } from 'vitest';
import { createBlackDiamond } from '../../../main/connectors/black-diamond/connector.ts';
import { everything, failureOf, pullAll, type Rig } from '../doubles/rig.ts';
import { zipOf } from '../doubles/zip-of.ts';
import { bdAccount, FILES, holding, PARTNER, startBlackDiamond, type BlackDiamondFirm } from './black-diamond-double.ts';

const pull = (rig: Rig, cursor: string | null = null) => pullAll(createBlackDiamond(rig.ports), rig.context, cursor);
const read = async (firm: Partial<BlackDiamondFirm>, settings = {}) => {
  const rig = await startBlackDiamond(firm, settings);
  return { rig, ...everything(await pull(rig)) };
};
describe('Black Diamond: tokens', () => {
  it('sends bearer token and subscription key, and proves access', async () => {
    const rig = await startBlackDiamond();
    expect(await createBlackDiamond(rig.ports).test(rig.context)).toBe('Signed in; the subscription key is accepted.');
    expect(rig.double.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer access-1',
      'ocp-apim-subscription-key': PARTNER.subscriptionKey,
    });
    const unknownAccount = await startBlackDiamond({
      interfere: () => ({ status: 404, headers: { 'content-type': 'application/json' }, body: '{"message":"No such account"}' }),
    });
    expect(await createBlackDiamond(unknownAccount.ports).test(unknownAccount.context)).toContain('Signed in');
  });

  it('asks for a live token before each request of a long job, keeping the batch', async () => {
    const rig = await startBlackDiamond({ life: 60, pollsUntilReady: 8 }, { pollSeconds: '5' });
    expect(everything(await pull(rig)).holdings).toHaveLength(1);
    // Pauses of 5, 7.5, 11.25, 16.9, 25.3, 38, 57 and 60 s are 221 s: more than three lives of 60 s.
    expect(rig.renewals.length).toBeGreaterThan(3);
    expect(rig.renewals.every((refused) => refused === null)).toBe(true);
    expect(rig.submitted).toHaveLength(1);
  });

  it('D1: has a token the server no longer knows renewed, once, and repeats the request, keeping the batch', async () => {
    const rig = await startBlackDiamond({ forgetAfter: 3, pollsUntilReady: 3 });
    expect(everything(await pull(rig)).holdings).toHaveLength(1);
    expect([rig.renewals, rig.submitted.length]).toEqual([[null, 'access-1'], 1]);
  });

  it('asks for a person where nobody has signed in, without a request', async () => {
    const rig = await startBlackDiamond();
    const { bearer: _bearer, ...signedOut } = rig.context;
    const error = await failureOf(createBlackDiamond(rig.ports).test(signedOut));
    expect([error.kind, error.message, rig.double.seen.length]).toEqual([
      'unauthorised',
      'Nobody is signed in to Black Diamond. Sign in with the browser, or enter the password once more; it is not stored.',
      0,
    ]);
  });

  it('tells a refused subscription key from a refused token, without renewing or showing it', async () => {
    const rig = await startBlackDiamond();
    const credentials = { ...PARTNER, subscriptionKey: 'hidden-guess' };
    const error = await failureOf(createBlackDiamond(rig.ports).test({ ...rig.context, credentials }));
    expect([error.kind, error.message]).toEqual(['unauthorised', expect.stringContaining('refused the subscription key')]);
    expect(JSON.stringify([error.message, rig.logged])).not.toContain('hidden-guess');
    expect(rig.renewals).toEqual([null]);
  });
});

describe('Black Diamond: the batch', () => {
  it.each([[{ id: 'b-1' }], [{ ID: 'b-1', status: 'Queued' }], [{ BatchId: 'b-1' }], ['b-1']])(
    'reads the batch id from %j',
    async (submitAnswer) => {
      expect((await read({ submitAnswer })).holdings).toHaveLength(1);
    },
  );

  it('names a callback address only where the connection has one', async () => {
    const callbackUrl = 'https://relay.riverbend.example/webhooks/3';
    const [without, named] = [await startBlackDiamond(), await startBlackDiamond({}, { callbackUrl })];
    await pull(without);
    await pull(named);
    expect(without.submitted[0]).not.toHaveProperty('CallbackUrl');
    expect(named.submitted[0]).toMatchObject({ CallbackUrl: callbackUrl });
  });

  const two = {
    'a.json': JSON.stringify([
      bdAccount('1', [holding(1, { AccountId: '1' })]),
      bdAccount('2', [holding(2, { AccountId: '2' })]),
    ]),
    'b.json': JSON.stringify([bdAccount('3', [holding(3, { AccountId: '3' })])]),
  };

  it('resumes after any page from the same batch with what was not staged', async () => {
    const rig = await startBlackDiamond({ files: two }, { pageSize: '1' });
    const pages = await pull(rig);
    const whole = everything(pages);
    for (const [index, page] of pages.entries()) {
      if (page.next === null) continue;
      const staged = everything(pages.slice(0, index + 1));
      const rest = everything(await pull(rig, page.next));
      expect([...staged.holdings, ...rest.holdings]).toEqual(whole.holdings);
      expect([...staged.accounts, ...rest.accounts]).toEqual(whole.accounts);
    }
    expect(rig.submitted).toHaveLength(1);
  });

  it('asks for a new pass when the batch is gone, or was made anew with other files', async () => {
    const rig = await startBlackDiamond({ files: two }, { pageSize: '1' });
    const cursor = (await pull(rig))[0]?.next ?? null;
    rig.firm.files = { 'other.json': two['b.json'] };
    expect((await failureOf(pull(rig, cursor))).kind).toBe('cursor_expired');
    rig.firm.batchGone = true;
    expect((await failureOf(pull(rig, cursor))).kind).toBe('cursor_expired');
  });

  it('reports a failed job with the platform’s correlation id', async () => {
    const rig = await startBlackDiamond({
      interfere: (seen) =>
        seen.path.startsWith('/batch/')
          ? {
              status: 500,
              headers: { 'content-type': 'application/json' },
              body: '{"message":"Job failed","code":500,"correlationID":"corr-7"}',
            }
          : undefined,
    });
    const error = await failureOf(pull(rig));
    expect([error.kind, error.correlationId, error.message]).toEqual([
      'unavailable',
      'corr-7',
      expect.stringContaining('It says: Job failed.'),
    ]);
  });

  it('gives up on a batch that is never ready after four hours', async () => {
    const rig = await startBlackDiamond({ pollsUntilReady: 1_000_000 });
    const error = await failureOf(pull(rig));
    expect([error.kind, error.message]).toEqual(['unavailable', expect.stringContaining('within 4 hours')]);
    expect(rig.double.seen.length).toBeLessThan(400);
  });

  const whole = zipOf(FILES);
  const archives: readonly [string, () => Promise<Uint8Array>, string][] = [
    ['a truncated archive', async () => (await whole).subarray(0, -30), 'damaged or was cut off'],
    ['an archive cut inside a file', async () => (await whole).subarray(0, 80), 'damaged or was cut off'],
    ['a bomb', async () => zipOf({ 'x.json': Buffer.alloc(3_000_000, '[') }), 'packed more tightly than real data can be'],
    ['an archive without accounts', async () => zipOf({ 'r.json': FILES['part-a.json'] }), 'holds no account file'],
    [
      'a file that is not JSON',
      async () => zipOf({ 'x.json': `${FILES['part-b.json']}]` }),
      'x.json of Black Diamond’s batch cannot be read as JSON',
    ],
    ['a web page with status 200', async () => new TextEncoder().encode('<html>Sign in</html>'), 'web page instead of data'],
    [
      'JSON where the archive should be',
      async () => new TextEncoder().encode('{"message":"Not yet"}'),
      'where a ZIP archive is documented. It says: Not yet.',
    ],
  ];
  it.each(archives)('refuses %s as a whole, staging nothing of it', async (_name, archive, message) => {
    const rig = await startBlackDiamond({ archive: await archive() });
    const pages: unknown[] = [];
    const reading = (async () => {
      for await (const page of createBlackDiamond(rig.ports).pull(rig.context, null)) pages.push(page);
    })();
    const error = await failureOf(reading);
    expect([error.kind, error.message, pages.length]).toEqual(['bad_response', expect.stringContaining(message), 0]);
  });

  it('accepts a user who sees no accounts', async () => {
    const rig = await startBlackDiamond({ files: { 'a.json': '[]' } });
    expect((await pull(rig)).map((page) => [page.accounts.length, page.next])).toEqual([[0, null]]);
  });
});
