import { removeFolder, tempFolder } from './bench-app.ts';
import { fillBook } from './filled-book.ts';
import { startHeadless, type HeadlessProcess } from './headless-process.ts';

const CALLS = 40;
const LIMIT = 100;

type Read = (program: HeadlessProcess, call: number) => Promise<unknown>;

/** What the screens ask for, each call for another place or thing. */
const reads = (rows: number): Readonly<Record<string, Read>> => {
  const offset = (call: number): number => Math.floor((((call * 37) % CALLS) / CALLS) * rows);
  const id = (call: number): string => String(1 + offset(call));
  return {
    'overview.get': (program) => program.call('overview.get', {}),
    'holdings.page': (program, call) => program.call('holdings.page', { limit: LIMIT, offset: offset(call) }),
    'holdings.page sorted': (program, call) =>
      program.call('holdings.page', { limit: LIMIT, offset: offset(call), sort: [{ column: 'marketValue', direction: 'desc' }] }),
    'holdings.page filtered and sorted': (program, call) =>
      program.call('holdings.page', {
        limit: LIMIT,
        offset: call * LIMIT,
        filters: [{ column: 'price', operator: 'atLeast', value: '500' }],
        sort: [{ column: 'security', direction: 'asc' }],
      }),
    'holdings.page searched': (program, call) =>
      program.call('holdings.page', { limit: LIMIT, offset: call * LIMIT, search: 'security 12' }),
    'holdings.groups': (program, call) =>
      program.call('holdings.groups', {
        by: 'portfolio',
        limit: LIMIT,
        offset: call * LIMIT,
        sort: [{ column: 'marketValue', direction: 'desc' }],
      }),
    'holdings.get': (program, call) => program.call('holdings.get', { id: id(call) }),
    'portfolios.list': (program, call) => program.call('portfolios.list', { limit: LIMIT, search: String(call) }),
    'portfolios.get': (program, call) => program.call('portfolios.get', { id: String(1 + call) }),
    'portfolios.holdings': (program, call) => program.call('portfolios.holdings', { id: String(1 + call), limit: LIMIT }),
    'conflicts.page': (program, call) => program.call('conflicts.page', { limit: LIMIT, offset: call * LIMIT }),
    'conflicts.page sorted': (program, call) =>
      program.call('conflicts.page', { limit: LIMIT, offset: call * LIMIT, sort: [{ column: 'impact', direction: 'desc' }] }),
    'conflicts.facets': (program) => program.call('conflicts.facets', {}),
    'conflicts.get': (program, call) => program.call('conflicts.get', { id: String(1 + call) }),
    'search.everything': (program, call) => program.call('search.everything', { text: `account ${call}`, limit: 20 }),
    'accounts.list': (program, call) => program.call('accounts.list', { search: String(call), limit: 30 }),
    'connections.list': (program) => program.call('connections.list', {}),
    'sync.status': (program) => program.call('sync.status', {}),
    'sync.operations': (program) => program.call('sync.operations', {}),
    'audit.page': (program) => program.call('audit.page', { limit: LIMIT }),
  };
};

const round = (ms: number): number => Math.round(ms * 100) / 100;

/** Every read of a large book over HTTP, one after another. The first call of each works out what the later ones remember. */
export async function queries(options: Readonly<Record<string, string>>): Promise<object> {
  const holdings = Number(options['holdings'] ?? 1_000_000);
  const dataDir = tempFolder();
  fillBook(dataDir, holdings);
  const program = await startHeadless(dataDir);
  try {
    const found: { name: string; firstMs: number; p95Ms: number }[] = [];
    for (const [name, read] of Object.entries(reads(holdings))) {
      const times: number[] = [];
      for (let call = 0; call < CALLS; call += 1) {
        const from = performance.now();
        await read(program, call);
        times.push(performance.now() - from);
      }
      const sorted = times.toSorted((a, b) => a - b);
      found.push({ name, firstMs: round(times[0] ?? Number.NaN), p95Ms: round(sorted[Math.floor(CALLS * 0.95)] ?? Number.NaN) });
    }
    const worst = found.toSorted((a, b) => b.p95Ms - a.p95Ms)[0];
    const { rssMiB } = await program.probe();
    return {
      holdings,
      calls: CALLS,
      p95Ms: worst?.p95Ms,
      slowest: worst?.name,
      slowestFirstMs: Math.max(...found.map(({ firstMs }) => firstMs)),
      rssMiB,
      ...(options['all'] === 'yes' ? { found } : {}),
    };
  } finally {
    await program.stop();
    removeFolder(dataDir);
  }
}
