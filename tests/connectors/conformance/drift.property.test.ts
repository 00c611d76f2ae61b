import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConnectorError, type SourcePage } from '../../../main/connectors/connector.ts';
import { openZip } from '../../../main/connectors/zip.ts';
import type { HttpClient, HttpResponse } from '../../../main/ports/http.ts';
import { zipOf } from '../doubles/zip-of.ts';
import { pullAll } from '../doubles/rig.ts';
import { Digits, membersOf, readTree, writeTree, type Tree } from './exact-tree.ts';
import { CONFORMING, sandboxImitation, type Conforming, type Imitation } from './subjects.ts';

/** What a careless release does to one member. A word is only put where no id and no free text stands. */
const CHANGES = {
  remove: null,
  rename: null,
  null: () => null,
  text: (value: Tree) => (value instanceof Digits ? value.text : { text: value }),
  number: (value: Tree) => (typeof value === 'string' ? new Digits('7') : value instanceof Digits ? true : new Digits('7')),
  list: (value: Tree) => [value],
  object: (value: Tree) => ({ value }),
  word: (value: Tree) => (typeof value === 'string' ? 'Zephyrous' : { word: 'Zephyrous' }),
} satisfies Record<string, ((value: Tree) => Tree) | null>;
type Change = keyof typeof CHANGES;
/** Members whose text may be anything, so that another word or number in it is no drift. */
const FREE = /(?:id|name|number|ticker|cusip|custodian|description|notes?|comments?|service)$/i;

/** Of Addepar's transactions query; no list of another platform has this shape. */
const ROW_ID = '.data[].id';
const MOVED = ['quantityDelta', 'cashDelta'] as const;
const EITHER = new Set(['journal', 'transfer_in', 'transfer_out', 'adjustment', 'assignment', 'exercise', 'cancel']);

interface Drift {
  /** Which answer of the pass, which shape of member in it, and which one of these; each is taken modulo what there is. */
  readonly answer: number;
  readonly shape: number;
  readonly place: number;
  readonly change: Change;
}

/** Changes one member of one JSON text; answers what was changed. */
function driftIn(text: string, { shape, place, change }: Drift): { readonly text: string; readonly hit: string } {
  const tree = readTree(text);
  const members = membersOf(tree);
  const shapes = [...new Set(members.map((member) => member.shape))];
  const wanted = shapes[shape % Math.max(1, shapes.length)];
  const candidates = members.filter((member) => member.shape === wanted);
  const target = candidates[place % Math.max(1, candidates.length)];
  if (!target) return { text, hit: 'nothing' };
  const { holder, name } = target;
  const value = holder[name] ?? null;
  // Rows without id are documented and named by what they say, so a lost id is none.
  if (target.shape === ROW_ID && ['remove', 'rename', 'null'].includes(change)) return { text, hit: 'nothing' };
  if ((change === 'word' || change === 'number') && typeof value === 'string' && FREE.test(name)) return { text, hit: 'nothing' };
  // A value where none stood is news, not drift.
  if (value === null && !['remove', 'rename', 'list', 'object'].includes(change)) return { text, hit: 'nothing' };
  const how = CHANGES[change];
  if (how) holder[name] = how(value);
  else delete holder[name];
  if (change === 'rename') holder[`${name}V2`] = value;
  return { text: writeTree(tree), hit: target.shape };
}

async function driftInZip(body: Uint8Array, drift: Drift): Promise<{ readonly body: Uint8Array; readonly hit: string }> {
  const members = await openZip(body);
  const files: Record<string, Uint8Array> = {};
  for (const member of members) files[member.name] = await member.read();
  const name = members[drift.place % members.length]?.name ?? '';
  const spoilt = driftIn(new TextDecoder().decode(files[name]), drift);
  return { body: await zipOf({ ...files, [name]: Buffer.from(spoilt.text) }), hit: `${name} ${spoilt.hit}` };
}

/** An HTTP client that changes one of the JSON answers or archives of a pass. */
function drifting(
  http: HttpClient,
  drift: Drift | null,
  note: (hit: string) => void,
): HttpClient & { readonly answers: () => number } {
  let answers = 0;
  return {
    answers: () => answers,
    send: async (request): Promise<HttpResponse> => {
      const response = await http.send(request);
      const type = response.headers['content-type'] ?? '';
      if (response.status >= 300 || response.body.length === 0) return response;
      const due = answers === drift?.answer;
      answers += 1;
      if (!drift || !due) return response;
      if (type.includes('zip')) {
        const { body, hit } = await driftInZip(response.body, drift);
        note(hit);
        return { ...response, body };
      }
      const { text, hit } = driftIn(new TextDecoder().decode(response.body), drift);
      note(`${new URL(request.url).pathname} ${hit}`);
      return { ...response, body: new TextEncoder().encode(text) };
    },
  };
}

const whole = (pages: readonly SourcePage[]) => ({
  accounts: new Map(pages.flatMap((page) => page.accounts).map((a) => [a.externalId, a])),
  securities: new Map(pages.flatMap((page) => page.securities).map((s) => [s.externalId, s])),
  holdings: new Map(pages.flatMap((page) => page.holdings).map((h) => [h.externalId, h])),
  transactions: new Map(pages.flatMap((page) => page.transactions).map((t) => [t.externalId, t])),
  quarantined: pages.flatMap((page) => page.quarantined),
});
type Whole = ReturnType<typeof whole>;

/** What is wrong with a pass over changed answers, compared with the pass over the true ones. Empty when nothing is. */
function falsehoods(truth: Whole, read: Whole, change: Change, hit: string): string[] {
  const wrong: string[] = [];
  const same = (what: string, field: string, was: unknown, is: unknown, mayBeUnknown = false): void => {
    if (was !== is && !(mayBeUnknown && (is === null || is === '')))
      wrong.push(`${what}.${field}: ${String(was)} became ${String(is)}`);
  };
  for (const [id, was] of truth.holdings) {
    const is = read.holdings.get(id);
    if (!is) {
      if (read.quarantined.length === 0) wrong.push(`holding ${id} is lost without a word`);
      continue;
    }
    for (const field of ['quantity', 'accountExternalId', 'securityExternalId', 'asOf', 'currency'] as const)
      same(`holding ${id}`, field, was[field], is[field]);
    for (const field of ['price', 'marketValue', 'costBasis', 'modifiedAt'] as const)
      same(`holding ${id}`, field, was[field], is[field], true);
  }
  for (const [id, was] of truth.transactions) {
    const is = read.transactions.get(id);
    if (!is) {
      if (read.quarantined.length === 0) wrong.push(`transaction ${id} is lost without a word`);
      continue;
    }
    for (const field of ['accountExternalId', 'tradeDate'] as const) same(`transaction ${id}`, field, was[field], is[field]);
    for (const field of ['securityExternalId', 'settleDate', 'price', 'currency'] as const)
      same(`transaction ${id}`, field, was[field], is[field], true);
    // These may come with units alone or with cash alone, so that null for the other says what it says.
    if (change === 'null' && EITHER.has(was.type)) continue;
    // A type nobody knows counts nothing and says so. Where Orion's word is not known, its coarser financialType names the
    // type, and the numbers stay.
    if (is.type === 'other' && was.type !== 'other') {
      if (is.quantityDelta !== '0' || is.cashDelta !== '0' || !is.memo.includes('are not counted'))
        wrong.push(`transaction ${id} counts although its type is not known`);
    } else
      for (const field of hit.endsWith('].type') ? MOVED : ([...MOVED, 'type'] as const))
        same(`transaction ${id}`, field, was[field], is[field]);
  }
  for (const [id, is] of read.securities) {
    const was = truth.securities.get(id);
    if (!was) wrong.push(`security ${id} is made up`);
    else {
      if (is.type !== 'other')
        for (const field of ['type', 'multiplier'] as const) same(`security ${id}`, field, was[field], is[field]);
      same(`security ${id}`, 'currency', was.currency, is.currency);
      for (const field of ['cusip', 'isin', 'ticker'] as const) same(`security ${id}`, field, was[field], is[field], true);
    }
  }
  for (const [id, is] of read.accounts) {
    const was = truth.accounts.get(id);
    if (!was) wrong.push(`account ${id} is made up`);
    else for (const field of ['number', 'currency'] as const) same(`account ${id}`, field, was[field], is[field], true);
  }
  for (const kind of ['holdings', 'transactions'] as const)
    for (const id of read[kind].keys()) if (!truth[kind].has(id)) wrong.push(`${kind} ${id} is made up`);
  return wrong;
}

describe('answers that drift member by member', () => {
  let sandbox: Imitation;
  beforeAll(async () => {
    sandbox = await sandboxImitation();
  });
  afterAll(() => sandbox.close());

  const read = async (platform: Conforming, drift: Drift | null, note: (hit: string) => void) => {
    const { connector, context } = await sandbox.start(platform);
    const http = drifting(context.http, drift, note);
    const settings = { ...context.settings, transactionDays: '60', pageSize: '25' };
    return { pages: whole(await pullAll(connector, { ...context, settings, http })), answers: http.answers() };
  };

  it.each(CONFORMING)(
    '%s: every record is read as it was, or set aside, or the pass stops in words; no number is ever another',
    async (platform) => {
      const { pages: truth, answers } = await read(platform, null, () => undefined);
      expect([truth.quarantined, truth.holdings.size > 20, truth.transactions.size > 0]).toEqual([[], true, true]);
      const seen = { identical: 0, setAside: 0, stopped: 0 };
      const changes = Object.keys(CHANGES) as Change[];
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            answer: fc.nat(answers - 1),
            shape: fc.nat(400),
            place: fc.nat(400),
            change: fc.constantFrom(...changes),
          }),
          async (drift) => {
            let hit = 'nothing';
            const note = (what: string): void => {
              hit = what;
            };
            try {
              const { pages } = await read(platform, drift, note);
              expect({ hit, change: drift.change, wrong: falsehoods(truth, pages, drift.change, hit) }).toEqual({
                hit,
                change: drift.change,
                wrong: [],
              });
              seen[pages.quarantined.length > 0 ? 'setAside' : 'identical'] += 1;
            } catch (error) {
              if (!(error instanceof ConnectorError)) throw error;
              expect(error.message).toMatch(/\.$/);
              seen.stopped += 1;
            }
          },
        ),
        { numRuns: 300, endOnFailure: true },
      );
      for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
    },
    240_000,
  );
});
