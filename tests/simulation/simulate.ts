import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../../main/app.ts';
import { closeDb, openReadable } from '../../main/store/open.ts';
import type { ReadDb } from '../../main/store/handles.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { createDesk } from './commands.ts';
import { createKeptSecrets } from './kept-secrets.ts';
import { ACCOUNTS, createMarket, firstList } from './market.ts';
import { createOneThread, type OneThread, type Sabotage } from './one-thread.ts';
import { bookText, brokenAtRest, brokenNow, secretsIn, type Watched } from './oracles.ts';
import { createPeople } from './people.ts';
import { createNetwork, createPlatform } from './platform.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createWorld } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Things that happen under faults before the faults end; 1,000 unless given. */
  readonly steps?: number;
  /** A planted mistake, for the tests of the oracles. */
  readonly sabotage?: Sabotage;
}

export interface SimulationResult {
  readonly crashes: number;
  readonly decisions: number;
  readonly completedSyncs: number;
  /** Everything that happened, in order: the same for the same seed. */
  readonly trace: readonly string[];
}

/** What an oracle found; the message names the seed and ends with what happened last. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
  readonly broken: readonly string[];
  constructor(seed: number, broken: readonly string[], trace: readonly string[]) {
    const lately = trace.slice(-40).map((line) => `  ${line}`);
    super(
      `Seed ${seed}: ${broken.slice(0, 5).join('; ')}\nThe last of ${trace.length} events:\n${lately.join('\n')}\nAgain: npm run simulate -- --from ${seed} --seeds 1 --trace`,
    );
    this.broken = broken;
  }
}

const ODDS = { fault: 0.06, crashAtWrite: 0.012, crashBetween: 0.003, person: 0.06, market: 0.03 } as const;
const LOOK_EVERY = 40;
/** Far more than a book of this size ever needed to come to rest. */
const REST_WITHIN = 40_000;

class Killed extends Error {}

/** Runs the whole program on one seed: faults and crashes first, then rest. Throws a BrokenPromise when an oracle says no. */
export async function simulate({
  seed,
  steps = 1000,
  sabotage = (_name, real) => real,
}: SimulationOptions): Promise<SimulationResult> {
  const random = createSeededRandom(seed);
  const world = createWorld(random);
  const folder = mkdtempSync(join(tmpdir(), 'clearway-simulation-'));
  const list = firstList(random);
  const platforms = ['north', 'south'].map((name) => createPlatform(name, ACCOUNTS, list));
  const secrets = createKeptSecrets();
  const surprises: string[] = [];
  const connected = new Map<number, (typeof platforms)[number]>();
  const windows = new Map<number, [number, number]>();
  let faulty = true;
  let killed = false;
  let life = 0;
  let app: App | null = null;
  let threads = null as OneThread | null;
  let eyes: ReadDb | null = null;
  let crashes = 0;
  let atWork = 0;

  const dataDir = (): string => join(folder, `life-${life}`);
  const crash = (where: string): boolean => {
    if (!faulty || killed || !random.chance(ODDS.crashAtWrite)) return false;
    world.note(`killed ${where}`);
    killed = true;
    return true;
  };
  const kill = (): void => void (killed = true);
  const running = (): App => {
    if (!app) throw new Error('The program is not running.');
    return app;
  };
  const desk = createDesk({ app: running, world, onBroken: (what) => surprises.push(what) });
  const work = createPeople({ desk, world, random, platforms });
  const market = createMarket(random, platforms);
  const network = createNetwork({ world, random, platforms, faults: () => (faulty ? ODDS.fault : 0) });

  const watched = (): Watched => {
    eyes ??= openReadable(join(dataDir(), 'book.db'));
    return { db: eyes, commands: desk.commands, platforms: connected, windows };
  };

  /** Notes which states of its platform an operation may have seen; looks as often as the oracles do. */
  function followOperations(): void {
    const rows = watched().db.prepare('SELECT id, connection_id AS connectionId, status FROM sync_operations').all() as {
      id: number;
      connectionId: number;
      status: string;
    }[];
    for (const { id, connectionId, status } of rows) {
      const now = (connected.get(connectionId)?.generations.length ?? 1) - 1;
      const window = windows.get(id);
      if (!window) windows.set(id, [Math.min(now, lastLook.get(connectionId) ?? 0), now]);
      else if (!ended.has(id)) window[1] = now;
      if (status === 'completed') ended.add(id);
    }
    for (const [connectionId, platform] of connected) lastLook.set(connectionId, platform.generations.length - 1);
  }
  const lastLook = new Map<number, number>();
  const ended = new Set<number>();

  function look(more: readonly string[] = []): void {
    followOperations();
    const broken = [...surprises, ...brokenNow(watched()), ...more];
    if (broken.length > 0) throw new BrokenPromise(seed, broken, world.trace);
  }

  /** The process is gone: the files are what the disk holds, everything else is lost. */
  function bury(): void {
    crashes += 1;
    const from = dataDir();
    if (eyes) closeDb(eyes);
    eyes = null;
    life += 1;
    mkdirSync(dataDir(), { recursive: true });
    for (const name of ['book.db', 'book.db-wal'])
      if (existsSync(join(from, name))) copyFileSync(join(from, name), join(dataDir(), name));
    threads?.drop();
    rmSync(from, { recursive: true, force: true });
    world.end();
    desk.lost();
    atWork = 0;
    app = null;
    killed = false;
  }

  async function until<T>(under: Promise<T>): Promise<T> {
    let settled = false;
    const mark = (): void => void (settled = true);
    under.then(mark, mark);
    await world.settle();
    for (let done = 0; !settled; done += 1) {
      if (done > REST_WITHIN) throw new BrokenPromise(seed, ['O10: the program hangs'], world.trace);
      await world.step();
      if (killed) throw new Killed();
    }
    return under;
  }

  async function begin(): Promise<void> {
    for (;;) {
      world.note(`life ${life} begins`);
      threads = createOneThread({ world, random, http: network, crash, sabotage, kill });
      app = createApp({
        dataDir: dataDir(),
        migrationsDir: MIGRATIONS,
        host: 'test',
        version: 'simulated',
        startThreads: threads.start,
        ports: {
          clock: world.clock,
          random,
          http: network,
          secrets,
          // Files are read in no order of the world's.
          folder: { freeTenthsGib: () => Promise.resolve(null), newestBackup: () => Promise.resolve(null) },
          log: {
            debug: () => undefined,
            info: () => undefined,
            warn: () => undefined,
            registerSecret: () => undefined,
            error: (text, details) => void (killed || surprises.push(`${text}: ${JSON.stringify(details, errorText)}`)),
          },
        },
      });
      try {
        await until(app.start());
        return;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        bury();
      }
    }
  }

  async function connect(): Promise<void> {
    faulty = false;
    await begin();
    for (const platform of platforms) {
      const answer = await until(
        desk.call('Oak desk', 'connections.initiate', {
          platform: 'orion',
          name: platform.name,
          baseUrl: platform.baseUrl,
          credentials: platform.credentials,
          settings: { transactionDays: '0', streams: 'none', pageSize: '6' },
          syncEveryMinutes: 60,
        }),
      );
      connected.set(Number(answer?.id), platform);
    }
    faulty = true;
  }

  async function live(): Promise<void> {
    for (let done = 0; done < steps; done += 1) {
      if (random.chance(ODDS.crashBetween)) {
        world.note('killed between two steps');
        kill();
      }
      if (killed) {
        bury();
        await begin();
        look();
      }
      if (random.chance(ODDS.market)) market();
      if (random.chance(0.002)) for (const platform of platforms) platform.accepts = random.chance(0.6);
      if (atWork < 3 && random.chance(ODDS.person)) {
        atWork += 1;
        void work().finally(() => (atWork -= 1));
      }
      await world.step();
      if (done % LOOK_EVERY === 0 && !killed) look();
    }
    if (killed) {
      bury();
      await begin();
    }
  }

  /** Reads one connection until it completes, as a person does who answers what the program asks. */
  async function readOnce(id: number): Promise<void> {
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const facts = await until(desk.call('Elm desk', 'connections.get', { id: String(id) }));
      if (facts?.status === 'needs_sign_in')
        await until(
          desk.call('Elm desk', 'connections.update', { id: String(id), credentials: connected.get(id)?.credentials ?? {} }),
        );
      const started = await until(desk.call('Elm desk', 'connections.sync', { id: String(id), acceptShrink: attempt > 0 }));
      for (;;) {
        const now = await until(desk.call('Elm desk', 'sync.status', {}));
        if (now?.running.length === 0) break;
        for (let n = 0; n < 25; n += 1) await world.step();
      }
      const operation = started && (await until(desk.call('Elm desk', 'sync.operation', { id: started.operationId })));
      if (operation?.status === 'completed') return;
    }
    throw new BrokenPromise(seed, [`O10: connection ${id} does not come to rest though every fault has ended`], world.trace);
  }

  async function rest(): Promise<void> {
    world.note('the faults end');
    faulty = false;
    for (const platform of platforms) platform.accepts = true;
    while (atWork > 0) await world.step();
    for (const id of connected.keys()) await readOnce(id);
    for (const id of connected.keys()) await readOnce(id);
    look(brokenAtRest(watched()));
    const before = bookText(watched());
    for (const id of [...connected.keys()].toReversed()) await readOnce(id);
    const files = ['book.db', 'book.db-wal'].map((name) => join(dataDir(), name));
    look([
      ...(bookText(watched()) === before ? [] : ['O4: reading the same again, in another order, changed the book']),
      ...brokenAtRest(watched()),
      ...secretsIn(files, platforms),
    ]);
  }

  try {
    await connect();
    await live();
    await rest();
    const completed = watched().db.prepare("SELECT count(*) FROM sync_operations WHERE status = 'completed'").pluck().get();
    const decisions = desk.commands.filter(({ state, output }) => state === 'acknowledged' && hasBatch(output)).length;
    return { crashes, decisions, completedSyncs: completed as number, trace: world.trace };
  } finally {
    if (eyes) closeDb(eyes);
    threads?.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const hasBatch = (output: unknown): boolean =>
  typeof output === 'object' && output !== null && typeof Reflect.get(output, 'batchId') === 'string';

const errorText = (_key: string, value: unknown): unknown => (value instanceof Error ? (value.stack ?? value.message) : value);
