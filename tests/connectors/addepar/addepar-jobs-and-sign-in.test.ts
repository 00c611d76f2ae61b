import { describe, expect, it } from 'vitest';
import { createAddepar } from '../../../main/connectors/addepar/connector.ts';
import { startHttpDouble, json } from '../doubles/http-double.ts';
import { everything, failureOf, pullAll, type Rig } from '../doubles/rig.ts';
import { KEY, startAddepar } from './addepar-double.ts';

const pull = (rig: Rig, cursor: string | null = null) => pullAll(createAddepar(rig.ports), rig.context, cursor);
describe('Addepar: jobs', () => {
  const jobs = { useJobs: 'yes' };

  it('polls a job with growing pauses until it is done', async () => {
    const rig = await startAddepar(
      { jobStates: ['Queued', 'In Progress - Waiting For Capacity', 'Something New', 'Completed'] },
      jobs,
    );
    expect(everything(await pull(rig)).holdings).toHaveLength(1);
    expect(rig.slept).toEqual([5000, 7500, 11_250]);
  });

  it('follows 303 on the status, on the download within Addepar, and waits through an early 404', async () => {
    for (const job of [{ redirect: 'status' }, { redirect: 'own' }, { earlyDownloads: 2 }] as const) {
      const rig = await startAddepar({ jobStates: ['Completed'], job: { ...job } }, jobs);
      expect(everything(await pull(rig)).holdings).toHaveLength(1);
    }
  });

  it('fetches a result on another host without any credentials', async () => {
    const reply = JSON.stringify({ data: { attributes: { total: { name: 'Total', children: [] } } } });
    const foreign = await startHttpDouble(() => json(reply));
    try {
      const rig = await startAddepar({ jobStates: ['Completed'], job: { redirect: 'foreign', foreignHost: foreign.url } }, jobs);
      expect(everything(await pull(rig)).holdings).toEqual([]);
      const [seen] = foreign.seen;
      expect([seen?.headers['authorization'], seen?.headers['addepar-firm']]).toEqual([undefined, undefined]);
    } finally {
      await foreign.close();
    }
  });

  it('does not follow a result to plain http on another host', async () => {
    const job = { redirect: 'foreign', foreignHost: 'http://results.elsewhere.invalid' } as const;
    const rig = await startAddepar({ jobStates: ['Completed'], job }, jobs);
    const error = await failureOf(pull(rig));
    expect([error.kind, error.message]).toEqual([
      'bad_response',
      expect.stringContaining('not a secure one. It was not followed'),
    ]);
  });

  it('asks for a new pass when the result is gone, and reports a failed job', async () => {
    const gone = await startAddepar({ jobStates: ['Completed'], job: { gone: true } }, jobs);
    expect((await failureOf(pull(gone))).kind).toBe('cursor_expired');
    for (const status of ['Failed', 'Timed Out', 'Rejected', 'User Cancelled', 'Error']) {
      const rig = await startAddepar({ jobStates: [status] }, jobs);
      const error = await failureOf(pull(rig));
      expect([error.kind, error.message]).toEqual(['unavailable', expect.stringContaining(`ended as “${status}”`)]);
    }
  });

  it('resumes with the job it started', async () => {
    const rig = await startAddepar({ jobStates: ['Completed'] }, jobs);
    const cursor = (await pull(rig))[0]?.next ?? null;
    await pull(rig, cursor);
    expect(rig.queries).toHaveLength(1);
  });

  it('gives up on a job that never ends after four hours', async () => {
    // 50 requests in 15 minutes are not exceeded either: the pauses grow to a minute.
    const rig = await startAddepar({ jobStates: ['In Progress'] }, jobs);
    const error = await failureOf(pull(rig));
    expect([error.kind, error.message]).toEqual(['unavailable', expect.stringContaining('did not finish within 4 hours')]);
    const total = rig.slept.reduce((sum, ms) => sum + ms, 0);
    expect(total).toBeGreaterThanOrEqual(4 * 3_600_000);
    expect(rig.double.seen.length).toBeLessThan(300);
  });
});

describe('Addepar: signing in and refusals', () => {
  it('proves access with one small request', async () => {
    const rig = await startAddepar();
    expect(await createAddepar(rig.ports).test(rig.context)).toBe('Signed in and able to read entities.');
    expect(rig.double.seen).toHaveLength(1);
  });

  it('reports a refused key, secret or firm id, with an empty 401 body, without repeating or showing them', async () => {
    const rig = await startAddepar();
    for (const changed of [{ credentials: { ...KEY, apiSecret: 'hidden-guess' } }, { settings: { firmId: '1' } }]) {
      const error = await failureOf(createAddepar(rig.ports).test({ ...rig.context, ...changed }));
      expect([error.kind, error.message]).toEqual([
        'unauthorised',
        expect.stringContaining('refused the API key, the secret or the firm id'),
      ]);
      expect(error.message).not.toContain('hidden-guess');
    }
    expect(rig.double.seen).toHaveLength(2);
    const error = await failureOf(createAddepar(rig.ports).test({ ...rig.context, settings: {} }));
    expect(error.message).toBe('The Addepar firm id is not filled in. Enter it in the settings of this connection.');
  });

  it('stops as rate limited when Addepar asks for a long pause, and says for how long', async () => {
    const rig = await startAddepar({ interfere: () => ({ status: 429, headers: { 'x-ratelimit-retry-after': '540' } }) });
    const error = await failureOf(createAddepar(rig.ports).test(rig.context));
    expect([error.kind, error.retryAfterMs]).toEqual(['rate_limited', 540_000]);
  });

  it('waits out its own 50 requests in 15 minutes', async () => {
    const rig = await startAddepar();
    const connector = createAddepar(rig.ports);
    for (let i = 0; i < 51; i += 1) await connector.test(rig.context);
    expect(rig.slept).toEqual([900_000]);
  });

  it.each([
    [
      'a web page with status 200',
      { headers: { 'content-type': 'text/html' }, body: '<html></html>' },
      'bad_response',
      'web page instead of data',
    ],
    ['403', { status: 403 }, 'forbidden', 'does not allow this user to list entities'],
    [
      '409',
      { status: 409, headers: { 'content-type': 'application/json' }, body: '{"errors":[{"detail":"Type mismatch"}]}' },
      'bad_response',
      'Type mismatch',
    ],
    [
      'a frame that is not as documented',
      { headers: { 'content-type': 'application/json' }, body: '{"items":[]}' },
      'bad_response',
      'data is missing',
    ],
  ] as const)('reports %s for what it is', async (_name, reply, kind, message) => {
    const rig = await startAddepar({ interfere: (seen) => (seen.path === '/api/v1/entities' ? reply : undefined) });
    const error = await failureOf(pull(rig));
    expect([error.kind, error.message]).toEqual([kind, expect.stringContaining(message)]);
  });
});
