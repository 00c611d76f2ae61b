import { describe, expect, it } from 'vitest';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { reconciliationJobs } from '../../main/reconciliation/jobs.ts';
import { reconciliationReads } from '../../main/reconciliation/reads.ts';
import { contract } from '../../shared/contract/index.ts';
import { dec } from '../../shared/model/decimal.ts';
import { createTestBook } from './book.ts';

describe('settings', () => {
  it('are the defaults until somebody changes them', () => {
    const { db } = createTestBook();
    const read = () => contract['settings.get'].output.parse(reconciliationReads['settings.get'](db, {}));
    expect(read()).toEqual({ tolerances: DEFAULT_TOLERANCES });
    const tolerances = { ...DEFAULT_TOLERANCES, cash: { absolute: dec('5'), relative: dec('0.01') } };
    expect(reconciliationJobs['settings.update'](db, { tolerances })).toEqual({ tolerances });
    expect(read()).toEqual({ tolerances });
    reconciliationJobs['settings.update'](db, { tolerances: DEFAULT_TOLERANCES });
    expect(read()).toEqual({ tolerances: DEFAULT_TOLERANCES });
  });
});

describe('runs that did not finish', () => {
  it('are marked with the reason, and ended runs are left alone', () => {
    const book = createTestBook();
    const orion = book.connection('orion', 'Orion');
    book.record(orion, book.holding(book.account('Birchwood family trust', [orion]), book.security('Alder'), { quantity: '1' }), {
      quantity: '1',
    });
    const [done, stopped, interrupted] = [book.run(), book.start(), book.start()];
    reconciliationJobs['reconciliation.fail'](book.db, { runId: stopped, message: 'Stopped by a person.' }, book.context);
    expect(book.get(stopped)).toMatchObject({
      status: 'failed',
      error: 'Stopped by a person.',
      finishedAt: '2025-03-14T09:00:00Z',
    });
    expect(reconciliationJobs['reconciliation.failInterrupted'](book.db, {}, book.context)).toBe(1);
    expect(book.get(interrupted)).toMatchObject({
      status: 'failed',
      error: 'The program was closed before the run finished. Start it again.',
    });
    expect(book.get(done)).toMatchObject({ status: 'completed', error: null });
  });
});
