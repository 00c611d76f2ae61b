import { describe, expect, test, vi } from 'vitest';
import type { WritableDb } from '../../main/store/handles.ts';
import type { Sabotage } from './one-thread.ts';
import { BrokenPromise, simulate } from './simulate.ts';

// A few seeds tell a broken engine; the full check runs two hundred.
vi.setConfig({ testTimeout: 120_000 });
const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 20);

test(
  `on ${SEEDS} seeds of faults, crashes and two people at work, nothing is lost, doubled or half shown, and all comes to rest`,
  async () => {
    let [crashes, decisions, syncs] = [0, 0, 0];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = await simulate({ seed });
      crashes += result.crashes;
      decisions += result.decisions;
      syncs += result.completedSyncs;
    }
    // Guards against runs in which nothing happens: at rest alone each seed completes six syncs.
    expect(crashes).toBeGreaterThan(SEEDS * 2);
    expect(decisions).toBeGreaterThan(SEEDS * 5);
    expect(syncs).toBeGreaterThan(SEEDS * 6);
  },
  30_000 + SEEDS * 10_000,
);

test('one seed is one run: every event of it comes again in the same order', async () => {
  const [first, second] = [await simulate({ seed: 7, steps: 300 }), await simulate({ seed: 7, steps: 300 })];
  expect(second.trace).toEqual(first.trace);
  expect((await simulate({ seed: 8, steps: 300 })).trace).not.toEqual(first.trace);
});

/** The database as a job sees it, where a statement of a certain kind does something else. */
const withStatement = (db: WritableDb, pattern: RegExp, instead: () => never): WritableDb =>
  new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== 'prepare' || typeof value !== 'function') return typeof value === 'function' ? value.bind(target) : value;
      return (sql: string) => {
        if (pattern.test(sql)) instead();
        return target.prepare(sql);
      };
    },
  });

/** Plants a mistake in one job. */
const inJob =
  (job: string, planted: (real: Parameters<Sabotage>[1], kill: () => void) => ReturnType<Sabotage>): Sabotage =>
  (name, real, kill) =>
    name === job ? planted(real, kill) : real;

async function whatOraclesSay(sabotage: Sabotage): Promise<readonly string[]> {
  for (let seed = 1; seed <= 5; seed += 1) {
    const failure = await simulate({ seed, sabotage }).catch((error: unknown) => error);
    if (failure instanceof BrokenPromise) {
      expect(failure.message).toContain(`npm run simulate -- --from ${seed} --seeds 1 --trace`);
      return failure.broken;
    }
    if (failure instanceof Error) throw failure;
  }
  return [];
}

describe('a planted mistake is found', () => {
  test('a merge that is not atomic: killed before its end, what it wrote so far stays', async () => {
    const said = await whatOraclesSay(
      inJob('sync/merge', (real, kill) => (db, args, context) => {
        const killed = (): never => {
          db.exec('COMMIT');
          kill();
          throw new Error('Killed in the middle of the merge.');
        };
        return real(withStatement(db, /^\s*UPDATE sync_operations\b/, killed), args, context);
      }),
    );
    expect(said).toContainEqual(expect.stringMatching(/^O3: the book shows part of sync \d+, which is (staged|merging)$/));
  });

  test('a checkpoint that is ahead of the pages', async () => {
    const said = await whatOraclesSay(
      inJob('sync/stage', (real, kill) => (db, args, context) => {
        const result = real(db, args, context);
        if (db.prepare('DELETE FROM staged_pages WHERE seq = 2').run().changes > 0) kill();
        return result;
      }),
    );
    expect(said).toContainEqual(expect.stringMatching(/^O3: the checkpoint of sync \d+ is not what is stored$/));
  });

  test('a page that never reaches the book', async () => {
    const said = await whatOraclesSay(
      inJob('sync/merge', (real) => (db, args, context) => {
        db.prepare('DELETE FROM staged_pages WHERE seq = 3').run();
        return real(db, args, context);
      }),
    );
    expect(said).toContainEqual(expect.stringMatching(/^O3: record \d+ of (north|south) is lost after sync \d+$/));
  });

  test('an answer before the commit: the decision is acknowledged and not kept', async () => {
    const said = await whatOraclesSay(
      inJob('holdings.edit', (real) => (db, args, context) => {
        const result = real(db, args, context);
        db.exec('ROLLBACK');
        db.exec('BEGIN IMMEDIATE');
        return result;
      }),
    );
    expect(said).toContainEqual(expect.stringMatching(/^O1: batch \d+ of desk-\d+ \(holdings\.edit, acknowledged\)/));
  });

  test('a sync that writes over what a person put there', async () => {
    const said = await whatOraclesSay(
      inJob('sync/merge', (real) => (db, args, context) => {
        const result = real(db, args, context);
        db.prepare(
          `UPDATE holdings SET quantity = (SELECT s.quantity FROM source_holdings s WHERE s.holding_id = holdings.id AND s.valid_to_op IS NULL)
           WHERE id IN (SELECT holding_id FROM source_holdings WHERE valid_to_op IS NULL)`,
        ).run();
        return result;
      }),
    );
    expect(said).toContainEqual(expect.stringMatching(/^O1: quantity of position \d+ is [\d.]+; (Oak|Elm) desk put \d+ there/));
  });

  test('a record that is not what its bytes say', async () => {
    const said = await whatOraclesSay(
      inJob('sync/merge', (real) => (db, args, context) => {
        const result = real(db, args, context);
        db.prepare(
          "UPDATE source_holdings SET quantity = quantity || '1' WHERE quantity LIKE '%.%' AND valid_to_op IS NULL",
        ).run();
        return result;
      }),
    );
    expect(said.join('; ')).toMatch(/(O3: \w+ never stated record \d+|O5: record \d+)/);
  });
});
