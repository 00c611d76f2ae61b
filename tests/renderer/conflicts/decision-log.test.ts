import { describe, expect, it } from 'vitest';
import { createDecisionLog, type LoggedBatch } from '../../../renderer/features/conflicts/decision-log.ts';

const batch = (batchId: string): LoggedBatch => ({ batchId, what: `Batch ${batchId}`, conflictId: null });
const ids = (list: readonly LoggedBatch[]): string[] => list.map((entry) => entry.batchId);

describe('what Undo and Redo reach', () => {
  it('goes back and forth in order', () => {
    const log = createDecisionLog();
    log.add(batch('1'));
    log.add(batch('2'));
    log.undid(batch('2'));
    log.undid(batch('1'));
    expect([ids(log.store.getState().done), ids(log.store.getState().undone)]).toEqual([[], ['2', '1']]);
    log.redid(batch('1'));
    expect([ids(log.store.getState().done), ids(log.store.getState().undone)]).toEqual([['1'], ['2']]);
  });

  it('has nothing to redo after a new decision', () => {
    const log = createDecisionLog();
    log.add(batch('1'));
    log.undid(batch('1'));
    log.add(batch('2'));
    expect([ids(log.store.getState().done), ids(log.store.getState().undone)]).toEqual([['2'], []]);
  });

  it('takes batches that were undone out of order or come from the history', () => {
    const log = createDecisionLog();
    log.add(batch('1'));
    log.add(batch('2'));
    log.undid(batch('1'));
    log.undid(batch('77'));
    expect([ids(log.store.getState().done), ids(log.store.getState().undone)]).toEqual([['2'], ['1', '77']]);
  });
});
