import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HoldingRecord } from '../../../main/connectors/connector.ts';
import { createNodeHttp } from '../../../main/ports/http-node.ts';
import { excerpt } from '../../../main/connectors/excerpt.ts';
import type { RequestFault } from '../../../main/sandbox/faults/fault.ts';
import { abs, dec } from '../../../shared/model/decimal.ts';
import { everything, failureOf, pullAll } from '../doubles/rig.ts';
import { CONFORMING, doubleImitation, sandboxImitation, type Conforming, type Imitation, type Subject } from './subjects.ts';

/** `read`: everything is read all the same. `set aside`: what is hit is quarantined. Else the kind of error and its words. */
type Outcome = 'read' | 'set aside' | readonly [kind: string, words: string];
interface Row {
  readonly fault: RequestFault;
  readonly lasting?: boolean;
  readonly retryAfterSeconds?: number;
  readonly delayMs?: number;
  readonly outcome: Outcome;
  readonly but?: Partial<Record<Conforming, Outcome>>;
}

const UNREADABLE = ['bad_response', 'Nothing of it was used'] as const;
const DAMAGED = ['bad_response', 'batch cannot be used. The archive is damaged'] as const;
const NO_ZIP = ['bad_response', 'where a ZIP archive is documented'] as const;

const ROWS: readonly Row[] = [
  { fault: 'server_error', outcome: 'read' },
  { fault: 'server_error', lasting: true, outcome: ['unavailable', 'had an internal error'] },
  { fault: 'html_error', outcome: 'read' },
  { fault: 'html_error', lasting: true, outcome: ['unavailable', 'had an internal error'] },
  { fault: 'html', outcome: ['bad_response', 'web page instead of data'] },
  { fault: 'too_many_requests', retryAfterSeconds: 7, outcome: 'read' },
  { fault: 'too_many_requests_until', retryAfterSeconds: 20, outcome: 'read' },
  { fault: 'too_many_requests', retryAfterSeconds: 600, outcome: ['rate_limited', 'too many requests'] },
  { fault: 'connection_reset', outcome: 'read' },
  { fault: 'connection_reset', lasting: true, outcome: ['unavailable', 'was cut before the answer was complete'] },
  { fault: 'broken_body', outcome: 'read' },
  { fault: 'broken_body', lasting: true, outcome: ['unavailable', 'Check the network and the base URL'] },
  { fault: 'slow', delayMs: 400, outcome: 'read' },
  { fault: 'slow', delayMs: 400, lasting: true, outcome: ['unavailable', 'was silent for 200 milliseconds'] },
  { fault: 'truncated_body', outcome: UNREADABLE, but: { black_diamond: DAMAGED } },
  { fault: 'empty_body', outcome: UNREADABLE, but: { black_diamond: ['bad_response', ''] } },
  { fault: 'wrong_type', outcome: UNREADABLE, but: { black_diamond: 'read' } },
  { fault: 'wrong_charset', outcome: UNREADABLE, but: { black_diamond: ['bad_response', ''] } },
  { fault: 'byte_order_mark', outcome: 'read', but: { black_diamond: NO_ZIP } },
  { fault: 'damaged_compression', lasting: true, outcome: ['unavailable', 'compressed answer'] },
  { fault: 'unknown_compression', outcome: ['bad_response', 'compressed in an unknown way'] },
  { fault: 'compressed_bomb', outcome: ['bad_response', 'is larger than 1,048,576 bytes. Nothing of it was used'] },
  { fault: 'wrapped_body', outcome: UNREADABLE, but: { black_diamond: NO_ZIP } },
  { fault: 'redirect', outcome: ['bad_response', 'redirected the request to another address'] },
  { fault: 'forbidden', outcome: ['forbidden', 'Ask for the permission there'] },
  { fault: 'not_found', outcome: ['bad_response', '(404)'], but: { black_diamond: ['cursor_expired', 'The pass starts again'] } },
  { fault: 'gone', outcome: ['bad_response', '(410)'], but: { black_diamond: ['cursor_expired', 'The pass starts again'] } },
  { fault: 'expired_token', outcome: 'read', but: { addepar: ['unauthorised', 'Check the credentials'] } },
  {
    fault: 'empty_401',
    lasting: true,
    outcome: ['unauthorised', 'Check the credentials'],
    // Its tokens are renewed by the program: one that is fresh and refused is not for want of a sign-in.
    but: { black_diamond: ['forbidden', 'refuses its token'] },
  },
  { fault: 'number_as_string', outcome: 'set aside' },
  { fault: 'missing_member', outcome: 'set aside' },
  { fault: 'null_member', outcome: 'set aside' },
  { fault: 'renamed_member', outcome: 'set aside' },
  { fault: 'nested_member', outcome: 'set aside' },
  { fault: 'huge_number', outcome: 'set aside' },
  { fault: 'new_word', outcome: 'set aside' },
  { fault: 'repeated_member', outcome: UNREADABLE, but: { black_diamond: ['bad_response', 'cannot be read as JSON'] } },
];

const IMITATIONS = [
  ['the demo platform', sandboxImitation],
  ['the double', doubleImitation],
] as const;

/** What a position says, without where it was found. */
const said = ({ place: _place, ...rest }: HoldingRecord) => rest;

describe.each(IMITATIONS)('against %s', (_name, make) => {
  let imitation: Imitation;
  const open: Subject[] = [];
  const start = async (platform: Conforming): Promise<Subject> => {
    const subject = await imitation.start(platform);
    open.push(subject);
    return subject;
  };
  const pull = (subject: Subject, cursor: string | null = null, context = subject.context) =>
    pullAll(subject.connector, context, cursor);

  beforeAll(async () => {
    imitation = await make();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((subject) => subject.close()));
  });
  afterAll(() => imitation.close());

  describe.each(CONFORMING)('%s', (platform) => {
    it('signs in and proves access', async () => {
      const { connector, context } = await start(platform);
      expect(await connector.test(context)).toContain('Signed in');
    });

    it('reads every position once, of an account and a security of the pass, traceable to its bytes', async () => {
      const pages = await pull(await start(platform));
      const { accounts, securities, holdings, quarantined } = everything(pages);
      expect(quarantined).toEqual([]);
      expect(holdings.length).toBeGreaterThanOrEqual(3);
      expect(new Set(holdings.map((h) => h.externalId)).size).toBe(holdings.length);
      const [known, named] = [accounts, securities].map((list) => new Set(list.map((record) => record.externalId)));
      for (const h of holdings) expect([known?.has(h.accountExternalId), named?.has(h.securityExternalId)]).toEqual([true, true]);
      expect(pages.map((page) => page.next === null)).toEqual(pages.map((_, index) => index === pages.length - 1));
      for (const page of pages)
        for (const h of page.holdings) {
          const bytes = (await excerpt(page.raw, page.contentType, h.place)) ?? '';
          const numbers = [...bytes.matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)].map(([token]) => abs(dec(token)));
          expect(numbers).toContain(abs(h.quantity));
        }
    });

    it('resumes after every page with exactly what was not staged', async () => {
      const subject = await start(platform);
      const pages = await pull(subject);
      const whole = everything(pages).holdings.map(said);
      expect(pages.length).toBeGreaterThan(1);
      for (const [index, page] of pages.entries()) {
        if (page.next === null) continue;
        const staged = everything(pages.slice(0, index + 1)).holdings;
        const rest = everything(await pull(subject, page.next)).holdings;
        expect([...staged, ...rest].map(said)).toEqual(whole);
      }
    });

    it('stops when the pass is stopped', async () => {
      const subject = await start(platform);
      subject.stop.abort();
      expect((await failureOf(pull(subject))).kind).toBe('aborted');
    });

    it.each(ROWS.map((row) => [`${row.fault}${row.lasting ? ', lasting' : ''}`, row.retryAfterSeconds ?? '', row] as const))(
      'meets %s %s for what it is',
      async (_fault, _seconds, row) => {
        const subject = await start(platform);
        const before = everything(await pull(subject)).holdings.map(said);
        subject.slept.length = 0;
        const { fault, lasting, retryAfterSeconds, delayMs } = row;
        const { context } = subject;
        const patient = delayMs === undefined ? context : { ...context, http: createNodeHttp({ idleTimeoutMs: 200 }) };
        await subject.spoil({
          fault,
          times: lasting ? 10 : 1,
          ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
          ...(delayMs === undefined ? {} : { delayMs }),
        });
        const outcome = row.but?.[platform] ?? row.outcome;
        if (outcome === 'read' || outcome === 'set aside') {
          const { holdings, quarantined } = everything(await pull(subject, null, patient));
          if (outcome === 'read') {
            expect(holdings.map(said)).toEqual(before);
            expect(quarantined).toEqual([]);
          } else {
            // What is left was not touched; what is gone was set aside, each with its reason and its bytes.
            for (const h of holdings) expect(before).toContainEqual(said(h));
            expect(quarantined.length).toBeGreaterThan(0);
            expect(holdings.length + quarantined.length).toBeGreaterThanOrEqual(before.length);
            for (const q of quarantined)
              expect([q.reason !== '', q.raw !== '', q.raw.length <= 4000]).toEqual([true, true, true]);
          }
          // A date counts whole seconds, and some time passes until it is read.
          if (retryAfterSeconds !== undefined && fault === 'too_many_requests') expect(subject.slept).toEqual([7000]);
          if (fault === 'too_many_requests_until') {
            expect(subject.slept.length).toBe(1);
            expect(subject.slept[0]).toBeGreaterThanOrEqual(18_000);
            expect(subject.slept[0]).toBeLessThanOrEqual(20_000);
          }
          return;
        }
        const error = await failureOf(pull(subject, null, patient));
        expect([error.kind, error.message]).toEqual([outcome[0], expect.stringContaining(outcome[1])]);
        expect(error.retryAfterMs).toBe(outcome[0] === 'rate_limited' ? 600_000 : null);
        for (const secret of Object.values(subject.context.credentials).filter((value) => value.length >= 6))
          expect(error.message).not.toContain(secret);
      },
    );
  });
});
