import type { Desk } from './commands.ts';
import type { Platform } from './platform.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { World } from './world.ts';

const OPEN = [{ column: 'status' as const, operator: 'is' as const, value: 'open' }];
export const PEOPLE = ['Oak desk', 'Elm desk'] as const;

/** What people do of an hour, each as one small piece of work; `firstValue` is a number no platform ever states. */
export function createPeople(parts: {
  readonly desk: Desk;
  readonly world: World;
  readonly random: SeededRandom;
  readonly platforms: readonly Platform[];
}) {
  const { desk, world, random, platforms } = parts;
  let value = 1_000_000;
  // Far above anything a platform states, so that a value of a person is told from one of a source.
  const ownValue = (): string => String((value += 1));

  async function edit(by: string): Promise<void> {
    const page = await desk.call(by, 'holdings.page', { limit: 200 });
    if (!page || page.rows.length === 0) return;
    const row = random.pick(page.rows);
    const field = random.pick(['quantity', 'price'] as const);
    const input = { id: row.id, field, value: ownValue() as never, expected: row[field], reason: 'Call with the custodian' };
    world.note(`${by}: edits ${field} of position ${row.id}`);
    await desk.call(by, 'holdings.edit', input);
  }

  async function settle(by: string): Promise<void> {
    const page = await desk.call(by, 'conflicts.page', { limit: 100, filters: OPEN });
    if (!page || page.rows.length === 0) return;
    const ids = Array.from({ length: 1 + random.below(3) }, () => random.pick(page.rows).id);
    const strategy = random.pick(['CLEARWAY_WINS', 'PLATFORM_WINS', 'MANUAL_REVIEW'] as const);
    const [only] = page.rows;
    const byHand = strategy === 'MANUAL_REVIEW' && only !== undefined && only.field !== 'presence';
    world.note(`${by}: settles ${ids.join(', ')} with ${strategy}`);
    await desk.call(by, 'conflicts.resolve', {
      selection: { ids: byHand ? [only.id] : [...new Set(ids)] },
      decision: byHand
        ? { strategy, value: ownValue() }
        : { strategy: strategy === 'MANUAL_REVIEW' ? 'CLEARWAY_WINS' : strategy },
    });
  }

  async function undoOrRedo(by: string): Promise<void> {
    const list = await desk.call(by, 'batches.list', { limit: 20 });
    const undone = list?.items.filter((batch) => batch.undone) ?? [];
    const standing = list?.items.filter((batch) => batch.canUndo && batch.kind !== 'import') ?? [];
    const redo = undone.length > 0 && random.chance(0.3);
    const from = redo ? undone : standing;
    if (from.length === 0) return;
    const batch = random.pick(from.slice(0, 4));
    world.note(`${by}: ${redo ? 'redoes' : 'undoes'} batch ${batch.id}`);
    await desk.call(by, redo ? 'batches.redo' : 'batches.undo', { id: batch.id });
  }

  async function sync(by: string): Promise<void> {
    const list = await desk.call(by, 'connections.list', {});
    for (const connection of list?.items ?? []) {
      const platform = platforms.find(({ name }) => name === connection.name);
      if (connection.status === 'needs_sign_in' && platform?.accepts) {
        world.note(`${by}: signs in to ${connection.name} again`);
        await desk.call(by, 'connections.update', { id: connection.id, credentials: platform.credentials });
      }
    }
    const connection = list && list.items.length > 0 ? random.pick(list.items) : null;
    if (!connection) return;
    const operations = await desk.call(by, 'sync.operations', { connectionId: connection.id, limit: 1 });
    const last = operations?.items[0];
    if (last?.status === 'failed' && random.chance(0.5)) {
      world.note(`${by}: takes up sync ${last.id} again`);
      await desk.call(by, 'sync.retry', { id: last.id });
    } else if (connection.activeOperationId !== null && random.chance(0.2)) {
      world.note(`${by}: cancels sync ${connection.activeOperationId}`);
      await desk.call(by, 'sync.cancel', { id: connection.activeOperationId });
    } else {
      world.note(`${by}: syncs ${connection.name}`);
      await desk.call(by, 'connections.sync', { id: connection.id, acceptShrink: last?.errorCode === 'suspicious_shrink' });
    }
  }

  /** One piece of work of somebody; resolves when the program has answered all of it. */
  return (): Promise<void> => {
    const by = random.pick(PEOPLE);
    return random.pick([edit, edit, settle, settle, undoOrRedo, sync, sync])(by);
  };
}
