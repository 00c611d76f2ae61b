import { describe, expect, it } from 'vitest';
import { createImportRig, refusal, type ImportRig } from './import-rig.ts';
import { APPLE, BOEING, MICROSOFT, cash, file, movement, stock } from './statements.ts';

const JANUARY = file({
  positions: [stock(APPLE, 10), stock(MICROSOFT, 20)],
  cash: cash('100'),
  transactions: [movement('7', 'T1')],
});
const FEBRUARY = file({
  asOf: '20240229',
  positions: [stock(APPLE, 12), stock(BOEING, 3)],
  cash: cash('90'),
  transactions: [movement('8', 'T1'), movement('3', 'T2')],
});

/** Orion and Addepar know account 1001; a person has edited, Orion and Addepar disagree, and one conflict is settled. */
async function livelyBook(rig: ImportRig): Promise<void> {
  const orion = rig.connection('Orion');
  const addepar = rig.connection('Addepar');
  await rig.sync(orion, [
    { account: '1001', cusip: APPLE, quantity: '10' },
    { account: '1001', cusip: MICROSOFT, quantity: '20' },
    { account: '2002', cusip: APPLE, quantity: '5' },
  ]);
  await rig.sync(addepar, [
    { account: '1001', cusip: APPLE, quantity: '10' },
    { account: '1001', cusip: MICROSOFT, quantity: '22' },
    { account: '1001', cusip: BOEING, quantity: '3' },
  ]);
  await rig.client.call('holdings.edit', {
    id: '1',
    field: 'price',
    value: '6' as never,
    expected: '5' as never,
    reason: 'Checked',
  });
}

describe('rolling an import back', () => {
  it('leaves the book as it was before a first import, and the institution disconnected', async () => {
    const rig = createImportRig();
    const before = rig.dump();
    const { importId } = await rig.import(JANUARY);
    expect(rig.dump()).not.toEqual(before);
    expect(await rig.rollback(importId)).toEqual({ batchId: '2', removed: 4, restored: 0 }); // 2 positions, cash, 1 transaction
    expect(rig.dump()).toEqual(before);
    expect((await rig.client.call('connections.list', {})).items).toMatchObject([
      { name: 'Larch Custody', status: 'disconnected' },
    ]);
    expect((await rig.client.call('imports.list', {})).items).toMatchObject([{ rolledBack: true }]);
    expect((await rig.client.call('sync.operation', { id: '1' })).status).toBe('rolled_back');
    expect((await rig.client.call('audit.page', {})).items.map((e) => e.event)).toEqual(['import_rolled_back', 'file_imported']);
    expect((await rig.client.call('audit.verify', {})).ok).toBe(true);
  });

  it('puts back what an earlier statement said: values, closed positions, transactions', async () => {
    const rig = createImportRig();
    await rig.import(JANUARY);
    const before = rig.dump();
    const connections = rig.one('SELECT group_concat(name || status || settings || survivorship_rank) FROM connections');
    const { importId } = await rig.import(FEBRUARY);
    expect(rig.positions()).toContain('1001 594918104 not_held 20 5 100');
    // Removed: Apple, Boeing, cash and two transactions as February says them. Put back: Apple, Microsoft and cash.
    expect(await rig.rollback(importId)).toMatchObject({ removed: 5, restored: 3 });
    expect(rig.dump()).toEqual(before);
    expect(rig.one('SELECT group_concat(name || status || settings || survivorship_rank) FROM connections')).toBe(connections);
    expect((await rig.client.call('connections.list', {})).items).toMatchObject([{ asOf: '2024-01-31', status: 'active' }]);
  });

  it('is exact in a book with platforms, edits and open conflicts, and the same file can be imported again', async () => {
    const rig = createImportRig();
    await livelyBook(rig);
    const before = rig.dump();
    const bytes = file({ positions: [stock(APPLE, 11), stock(MICROSOFT, 22), stock('88160R101', 4)], cash: cash('100') });
    const first = await rig.import(bytes);
    const after = { positions: rig.positions(), conflicts: rig.conflicts() };
    expect(first.conflictsOpened).toBeGreaterThan(0);
    await rig.rollback(first.importId);
    expect(rig.dump()).toEqual(before);

    expect(await rig.preview(bytes)).toMatchObject({ alreadyImported: false, counts: { new: 4 } });
    const second = await rig.import(bytes);
    expect({ positions: rig.positions(), conflicts: rig.conflicts() }).toEqual(after);
    await rig.rollback(second.importId);
    expect(rig.dump()).toEqual(before);
  });

  it('opens a conflict again that the import had answered', async () => {
    const rig = createImportRig();
    await rig.import(JANUARY);
    await rig.client.call('holdings.edit', {
      id: '1',
      field: 'quantity',
      value: '13' as never,
      expected: '10' as never,
      reason: 'Counted',
    });
    await rig.import(file({ asOf: '20240215', positions: [stock(APPLE, 12), stock(MICROSOFT, 20)] }));
    expect(rig.conflicts()).toEqual(['037833100 quantity both_changed open 13 12']);
    const before = rig.dump();
    const { importId } = await rig.import(file({ asOf: '20240229', positions: [stock(APPLE, 13), stock(MICROSOFT, 20)] }));
    expect(rig.conflicts()).toEqual(['037833100 quantity both_changed healed 13 12']);
    await rig.rollback(importId);
    expect(rig.dump()).toEqual(before);
  });

  it('shows in the history of a position what was imported and that it was taken back', async () => {
    const rig = createImportRig();
    await rig.import(JANUARY);
    const { importId } = await rig.import(FEBRUARY);
    await rig.rollback(importId);
    const { changes } = await rig.client.call('holdings.get', { id: '1' });
    expect(changes.filter((c) => c.field === 'quantity').map((c) => [c.before, c.after])).toEqual([
      ['12', '10'],
      ['10', '12'],
      [null, '10'],
    ]);
  });

  it('keeps a conflict that people have commented on, closed, with its position not held', async () => {
    const rig = createImportRig();
    await rig.sync(rig.connection('Orion'), [{ account: '1001', cusip: APPLE, quantity: '10' }]);
    const { importId } = await rig.import(file({ positions: [stock(APPLE, 10), stock(BOEING, 3)] }));
    expect(rig.conflicts()).toHaveLength(1);
    const conflict = String(rig.one('SELECT id FROM conflicts'));
    await rig.client.call('conflicts.comment', { id: conflict, text: 'Asked the custodian.' });
    await rig.rollback(importId);
    expect(rig.one('SELECT text FROM comments')).toBe('Asked the custodian.');
    expect(rig.one('SELECT status FROM conflicts')).toBe('healed');
    expect(rig.positions()).toEqual(['1001 037833100 held 10 5 50', '1001 097023105 not_held']);
  });

  it('keeps a security that a later sync found, and removes the account that nobody else knows', async () => {
    const rig = createImportRig();
    const { importId } = await rig.import(file({ positions: [stock(APPLE, 10), stock(BOEING, 3)] }));
    await rig.sync(rig.connection('Orion'), [{ account: '2002', cusip: BOEING, quantity: '2' }]);
    await rig.rollback(importId);
    expect(rig.positions()).toEqual(['2002 097023105 held 2 5 10']);
    expect(rig.one('SELECT group_concat(number) FROM accounts')).toBe('2002');
    expect(rig.one('SELECT group_concat(cusip) FROM securities')).toBe(BOEING);
  });

  it('keeps an account that a person put into a portfolio', async () => {
    const rig = createImportRig();
    const { importId } = await rig.import(JANUARY);
    await rig.client.call('portfolios.create', { name: 'Birchwood', accountIds: ['1'] });
    await rig.rollback(importId);
    expect(rig.positions()).toEqual([]);
    expect(rig.one('SELECT count(*) FROM accounts WHERE portfolio_id IS NOT NULL')).toBe(1);
    expect((await rig.import(JANUARY)).added).toBe(4);
    expect(rig.one('SELECT count(*) FROM accounts')).toBe(1);
  });

  it('keeps positions that a reconciliation names, as not held, and takes them up again with the next import', async () => {
    const rig = createImportRig();
    const { importId } = await rig.import(JANUARY);
    const { id: runId } = await rig.client.call('reconciliation.start', {});
    rig.db
      .prepare(
        `INSERT INTO breaks (run_id, connection_id, account_id, security_id, holding_id, field, class, sentence, severity, status, currency, signature, first_seen)
         VALUES (?, 1, 1, 1, 1, 'quantity', 'quantity', '', 3, 'open', 'USD', '', '2024-01-31')`,
      )
      .run(Number(runId));
    await rig.rollback(importId);
    expect(rig.positions()).toEqual(['1001 037833100 not_held']);
    await rig.import(JANUARY);
    expect(rig.positions()).toContain('1001 037833100 held 10 5 50');
    expect(rig.conflicts()).toEqual([]);
  });
});

describe('an import that cannot be rolled back as a whole', () => {
  it('is refused while a decision on one of its conflicts stands, and goes through after that is undone', async () => {
    const rig = createImportRig();
    await livelyBook(rig);
    const before = rig.dump();
    const { importId } = await rig.import(file({ positions: [stock(APPLE, 11), stock(MICROSOFT, 22)], cash: cash('100') }));
    const { rows } = await rig.client.call('conflicts.page', { filters: [{ column: 'cusip', operator: 'is', value: APPLE }] });
    const ids = rows.filter((r) => r.field === 'quantity').map((r) => r.id);
    const { batchId } = await rig.client.call('conflicts.resolve', {
      selection: { ids },
      decision: { strategy: 'CLEARWAY_WINS' },
      comment: '',
    });

    const dump = rig.dumpEverything();
    const { code, message, details } = await refusal(rig.rollback(importId));
    expect(code).toBe('later_decisions');
    expect(message).toContain('Changed since by “Accepted Clearway: 1 conflict”: undo that first (1)');
    expect(details).toEqual({
      blocked: [{ reason: 'Changed since by “Accepted Clearway: 1 conflict”: undo that first', count: 1 }],
    });
    expect(rig.dumpEverything()).toEqual(dump);

    await rig.client.call('batches.undo', { id: batchId ?? '' });
    await rig.rollback(importId);
    // The decision could be redone, so the conflict it names stays, closed; everything else is as before.
    const kept = rig.dump();
    expect(kept['conflicts']?.filter((row) => !before['conflicts']?.includes(row))).toMatchObject([
      expect.stringContaining('"status":"healed"'),
    ]);
    expect({ ...kept, conflicts: null }).toEqual({ ...before, conflicts: null });
    expect((await refusal(rig.client.call('batches.redo', { id: batchId ?? '' }))).code).toBe('later_decisions');
  });

  it('is refused while an edit of one of its positions stands, and goes through after that is undone', async () => {
    const rig = createImportRig();
    const { importId } = await rig.import(JANUARY);
    const { batchId } = await rig.client.call('holdings.edit', {
      id: '1',
      field: 'quantity',
      value: '11' as never,
      expected: '10' as never,
      reason: 'Counted',
    });
    expect(await refusal(rig.rollback(importId))).toMatchObject({
      code: 'later_decisions',
      details: { blocked: [{ reason: 'Changed since by “Edited Apple Inc in Larch Custody 1001”: undo that first', count: 1 }] },
    });
    await rig.client.call('batches.undo', { id: batchId });
    await rig.rollback(importId);
    // The edit could be redone, so the position it names stays, not held; redoing finds it changed.
    expect(rig.positions()).toEqual(['1001 037833100 not_held']);
    expect((await refusal(rig.client.call('batches.redo', { id: batchId }))).code).toBe('later_decisions');
  });

  it('goes through after a decision on a position of an earlier import was undone, and is exact', async () => {
    const rig = createImportRig();
    await rig.import(JANUARY);
    const before = rig.dump();
    const { importId } = await rig.import(FEBRUARY);
    const { batchId } = await rig.client.call('holdings.edit', {
      id: '1',
      field: 'quantity',
      value: '13' as never,
      expected: '12' as never,
      reason: 'Counted',
    });
    await rig.client.call('batches.undo', { id: batchId });
    await rig.rollback(importId);
    expect(rig.dump()).toEqual(before);
  });

  it('is refused before a later import of the same account, but not before one of another account', async () => {
    const rig = createImportRig();
    const january = await rig.import(JANUARY, 'january.qfx');
    const other = await rig.import(file({ account: '1002', asOf: '20240229', positions: [stock(APPLE, 1)] }), 'other.qfx');
    const february = await rig.import(FEBRUARY, 'february.qfx');
    expect(await refusal(rig.rollback(january.importId))).toMatchObject({
      code: 'later_decisions',
      details: { blocked: [{ reason: 'The later import february.qfx has the same accounts: roll that back first', count: 1 }] },
    });
    await rig.rollback(february.importId);
    await rig.rollback(january.importId);
    expect(rig.positions()).toEqual(['1002 037833100 held 1 5 5']);
    // Apple was still in use when its import was taken back, so it stays; Microsoft and Boeing are gone.
    expect(rig.one("SELECT group_concat(cusip) FROM securities WHERE type <> 'cash'")).toBe(APPLE);
    await rig.rollback(other.importId);
    expect(rig.positions()).toEqual([]);
  });

  it('is refused after a platform reported the positions it changed, even when that sync was begun before the import', async () => {
    const rig = createImportRig();
    const orion = rig.connection('Orion');
    await rig.sync(orion, [{ account: '1001', cusip: APPLE, quantity: '10' }]);
    const sync = rig.beginSync(orion);
    const { importId } = await rig.import(file({ asOf: '20240229', positions: [stock(APPLE, 12)] }));
    await sync.finish([{ account: '1001', cusip: APPLE, quantity: '12', asOf: '2024-02-29' }]);
    expect(await refusal(rig.rollback(importId))).toMatchObject({
      code: 'later_decisions',
      details: {
        blocked: [{ reason: 'A later sync reported these positions again, so their earlier values are out of date', count: 1 }],
      },
    });
  });

  it('is refused after a platform reported the account it had made, and asked about positions it does not know', async () => {
    const rig = createImportRig();
    const { importId } = await rig.import(file({ positions: [stock(APPLE, 10)] }));
    await rig.sync(rig.connection('Orion'), [{ account: '1001', cusip: MICROSOFT, quantity: '1' }]);
    expect(rig.conflicts()).toContain('037833100 presence only_at_source open held not_held/held');
    expect((await refusal(rig.rollback(importId))).code).toBe('later_decisions');
    expect(rig.positions()).toContain('1001 037833100 held 10 5 50');
  });

  it('is refused a second time, for what does not exist, and by redo', async () => {
    const rig = createImportRig();
    const { importId } = await rig.import(JANUARY);
    await rig.rollback(importId);
    expect((await refusal(rig.rollback(importId))).code).toBe('already_undone');
    expect((await refusal(rig.rollback('99'))).code).toBe('not_found');
    expect((await refusal(rig.client.call('batches.redo', { id: '1' }))).code).toBe('not_possible');
    expect((await refusal(rig.client.call('batches.undo', { id: '1' }))).code).toBe('already_undone');
  });

  it('leaves everything as it was when a fault strikes in the middle', async () => {
    const rig = createImportRig();
    await rig.import(JANUARY);
    const { importId } = await rig.import(FEBRUARY);
    const before = rig.dumpEverything();
    const mend = rig.failOn('UPDATE', 'imports');
    await expect(rig.rollback(importId)).rejects.toMatchObject({ code: 'internal' });
    mend();
    expect(rig.dumpEverything()).toEqual(before);
  });
});
