import { describe, expect, it } from 'vitest';
import { position, secId } from '../connectors/custodian-file/ofx-writer.ts';
import { createImportRig, refusal } from './import-rig.ts';
import { APPLE, BOEING, MICROSOFT, cash, file, movement, stock } from './statements.ts';

describe('importing a custodian file', () => {
  it('brings positions, cash and transactions into the book under a connection named after the institution', async () => {
    const rig = createImportRig();
    const answer = await rig.import(
      file({ positions: [stock(APPLE, 10), stock(MICROSOFT, 20)], cash: cash('100'), transactions: [movement('7', 'T1')] }),
      'january.qfx',
    );
    expect(answer).toEqual({
      importId: '1',
      operationId: '1',
      added: 4,
      changed: 0,
      unchanged: 0,
      rejected: 0,
      conflictsOpened: 0,
    });
    expect(rig.positions()).toEqual([
      '1001 037833100 held 10 5 50',
      '1001 594918104 held 20 5 100',
      '1001 Cash (USD) held 100 1 100',
    ]);
    const { items } = await rig.client.call('connections.list', {});
    expect(items).toMatchObject([
      {
        platform: 'custodian_file',
        name: 'Larch Custody',
        freshness: 'fresh',
        asOf: '2024-01-31',
        counts: { accounts: 1, positions: 3 },
      },
    ]);
    expect((await rig.client.call('sync.operation', { id: '1' })).counts).toMatchObject({ added: 3, unlinked: 0 });
    expect((await rig.client.call('imports.list', {})).items).toMatchObject([
      {
        id: '1',
        fileName: 'january.qfx',
        institution: 'Larch Custody',
        accounts: '1001',
        asOf: '2024-01-31',
        by: 'Analyst',
        rows: 4,
        rejected: 0,
        rolledBack: false,
      },
    ]);
    const { items: audit } = await rig.client.call('audit.page', {});
    expect(audit.map((entry) => [entry.event, entry.actor, entry.subject])).toEqual([['file_imported', 'Analyst', 'import 1']]);
    expect(audit[0]?.details).not.toContain('OFXHEADER');
    expect((await rig.client.call('audit.verify', {})).ok).toBe(true);
  });

  it('leads every value back to the file and to the bytes it was read from', async () => {
    const rig = createImportRig();
    const bytes = file({ positions: [stock(APPLE, 10)] });
    await rig.import(bytes);
    const holding = await rig.client.call('holdings.get', { id: '1' });
    expect(holding.fields[0]).toMatchObject({
      field: 'quantity',
      value: '10',
      provenance: { kind: 'import', label: 'Larch Custody', operationId: '1' },
    });
    expect(rig.one('SELECT place FROM source_holdings')).toMatch(/^line \d+$/);
    expect(rig.one('SELECT bytes FROM raw_payloads')).toBe(bytes.byteLength);
  });

  it('refuses the same bytes a second time and changes nothing', async () => {
    const rig = createImportRig();
    const bytes = file({ positions: [stock(APPLE, 10)], transactions: [movement('7', null), movement('7', null)] });
    await rig.import(bytes, 'january.qfx');
    const before = rig.dumpEverything();
    const { code, message, details } = await refusal(rig.import(bytes, 'copy of january.qfx'));
    expect([code, details]).toEqual(['conflict_changed', { alreadyImported: true }]);
    expect(message).toMatch(/^This file is in the book already: Analyst imported it on 2024-02-01\. Nothing was changed\./);
    expect(rig.dumpEverything()).toEqual(before);
  });

  it('keeps genuine repeats of a row, and adds only the rows that were appended', async () => {
    const rig = createImportRig();
    const repeats = [movement('7', null), movement('7', null)];
    await rig.import(file({ positions: [stock(APPLE, 10)], transactions: repeats }));
    expect(rig.transactions()).toEqual(['2024-01-16 other:CREDIT 0 7', '2024-01-16 other:CREDIT 0 7']);
    const answer = await rig.import(
      file({ positions: [stock(APPLE, 10)], transactions: [...repeats, movement('7', null), movement('-2', 'T9')] }),
    );
    expect(answer).toMatchObject({ added: 2, changed: 0, unchanged: 3 });
    expect(rig.transactions()).toEqual([
      ...Array.from({ length: 3 }, () => '2024-01-16 other:CREDIT 0 7'),
      '2024-01-16 other:DEBIT 0 -2',
    ]);
    expect(rig.one('SELECT count(*) FROM source_transactions')).toBe(4);
  });

  it('lets a newer statement move Clearway where only the custodian moved, and asks where a person had moved too', async () => {
    const rig = createImportRig();
    await rig.import(file({ positions: [stock(APPLE, 10), stock(MICROSOFT, 20)] }));
    await rig.client.call('holdings.edit', {
      id: '2',
      field: 'quantity',
      value: '21' as never,
      expected: '20' as never,
      reason: 'Counted',
    });
    const answer = await rig.import(file({ asOf: '20240229', positions: [stock(APPLE, 12), stock(MICROSOFT, 25)] }));
    expect(answer).toMatchObject({ added: 0, changed: 2, unchanged: 0, conflictsOpened: 1 });
    // Market value follows the custodian: 12 x 5 = 60 and 25 x 5 = 125; the edited quantity stays.
    expect(rig.positions()).toEqual(['1001 037833100 held 12 5 60', '1001 594918104 held 21 5 125']);
    expect(rig.conflicts()).toEqual(['594918104 quantity both_changed open 21 25']);
  });

  it('closes a position that a complete statement no longer lists', async () => {
    const rig = createImportRig();
    await rig.import(file({ positions: [stock(APPLE, 10), stock(MICROSOFT, 20)] }));
    await rig.import(file({ asOf: '20240229', positions: [stock(APPLE, 10)] }));
    expect(rig.positions()).toEqual(['1001 037833100 held 10 5 50', '1001 594918104 not_held 20 5 100']);
  });

  it.each([
    ['states cash only', { positions: null, cash: cash('90') }],
    [
      'has a position that cannot be read',
      { positions: [position('POSSTOCK', secId(MICROSOFT), { UNITS: 'n/a' })], cash: cash('90') },
    ],
    ['states no cash', { positions: [stock(MICROSOFT, 20)] }],
  ])('concludes nothing about what is missing from a statement that %s', async (_what, parts) => {
    const rig = createImportRig();
    await rig.import(file({ positions: [stock(MICROSOFT, 20)], cash: cash('100') }));
    await rig.import(file({ asOf: '20240229', ...parts }));
    const [microsoft, money] = rig.positions();
    expect(microsoft).toBe('1001 594918104 held 20 5 100');
    expect(money).toMatch(/^1001 Cash \(USD\) held (?:100 1 100|90 1 90)$/);
    expect(rig.conflicts()).toEqual([]);
  });

  it('a custodian that stated cash alone does not speak against positions that a platform reports, however trusted it is', async () => {
    const rig = createImportRig();
    await rig.import(file({ positions: null, cash: cash('90') })); // the first connection, so the most trusted one
    await rig.sync(rig.connection('Orion'), [{ account: '1001', cusip: APPLE, quantity: '10' }]);
    expect(rig.positions()).toContain('1001 037833100 held 10 5 50');
    // Orion reports no cash, which is a question of its own.
    expect(rig.conflicts().filter((c) => !c.startsWith('Cash'))).toEqual([]);
  });

  it('a file for one account says nothing about questions that are open on another', async () => {
    const rig = createImportRig();
    await rig.import(file({ positions: null, cash: cash('90') }));
    await rig.sync(rig.connection('Orion'), [
      { account: '1001', cusip: APPLE, quantity: '10' },
      { account: '1001', cusip: BOEING, quantity: '1' },
    ]);
    await rig.sync(rig.connection('Addepar'), [{ account: '1001', cusip: BOEING, quantity: '1' }]);
    const open = rig.conflicts();
    expect(open.map((c) => c.split(' presence')[0])).toEqual(['037833100', 'Cash (USD)']); // not at Addepar; not at either platform
    await rig.import(file({ account: '1002', asOf: '20240229', positions: [stock(APPLE, 1)] }));
    expect(rig.conflicts()).toEqual(open);
  });

  it('takes only the transactions of a statement that is older than the book, and overwrites no newer row', async () => {
    const rig = createImportRig();
    await rig.import(file({ asOf: '20240229', positions: [stock(APPLE, 12)], transactions: [movement('7', 'T1')] }));
    const answer = await rig.import(
      file({ positions: [stock(APPLE, 10), stock(BOEING, 3)], transactions: [movement('8', 'T1'), movement('3', 'T0')] }),
    );
    expect(answer).toMatchObject({ added: 1, changed: 0, unchanged: 0, rejected: 3 });
    expect(rig.positions()).toEqual(['1001 037833100 held 12 5 60']);
    expect(rig.transactions()).toEqual(['2024-01-16 other:CREDIT 0 3', '2024-01-16 other:CREDIT 0 7']);
    const { items } = await rig.client.call('sync.quarantine', { id: answer.operationId });
    expect(items.map((q) => q.path)).toEqual(['INVPOSLIST', 'INVPOSLIST', 'INVTRANLIST']);
  });

  it('joins an account that a platform knows as one more source: agreeing is silent, differing is a conflict', async () => {
    const rig = createImportRig();
    await rig.sync(rig.connection('Orion'), [
      { account: '01-001', cusip: APPLE, quantity: '10' },
      { account: '01-001', cusip: MICROSOFT, quantity: '21' },
    ]);
    const answer = await rig.import(file({ positions: [stock(APPLE, 10), stock(MICROSOFT, 20)] }));
    expect(rig.one('SELECT count(*) FROM accounts')).toBe(1);
    expect(rig.positions()).toEqual(['01-001 037833100 held 10 5 50', '01-001 594918104 held 21 5 105']);
    // 20 x 5 = 100 against 21 x 5 = 105
    expect(rig.conflicts()).toEqual([
      '594918104 marketValue sources_disagree open 105 100/105',
      '594918104 quantity sources_disagree open 21 20/21',
    ]);
    expect(answer.conflictsOpened).toBe(2);
  });

  it('keeps the rows of an account that waits for a person apart from the book', async () => {
    const rig = createImportRig();
    await rig.sync(rig.connection('Orion'), [{ account: '1001', cusip: APPLE, quantity: '10' }]);
    rig.db.prepare("UPDATE accounts SET custodian = 'Larch Trust Company'").run();
    const first = await rig.import(file({ positions: [stock(APPLE, 12)] }));
    expect(rig.positions()).toEqual(['1001 037833100 held 10 5 50']);
    const [connection] = (await rig.client.call('connections.list', {})).items.filter((c) => c.platform === 'custodian_file');
    const { items } = await rig.client.call('connections.unlinked', { id: connection?.id ?? '' });
    expect(items).toMatchObject([
      { kind: 'account', positions: 1, suggestions: [{ reason: 'Same number at Larch Trust Company' }] },
    ]);

    // The way that the preview names: link, roll back, import again.
    const link = {
      id: connection?.id ?? '',
      kind: 'account' as const,
      externalId: items[0]?.externalId ?? '',
      targetId: items[0]?.suggestions[0]?.id,
    };
    await rig.client.call('connections.link', { ...link, targetId: link.targetId ?? '' });
    await rig.rollback(first.importId);
    await rig.import(file({ positions: [stock(APPLE, 12)] }));
    expect(rig.one('SELECT count(*) FROM accounts')).toBe(1);
    expect(rig.conflicts()).toHaveLength(2); // quantity 12 against 10, market value 60 against 50
  });

  it('imports several accounts of one file and names them', async () => {
    const rig = createImportRig();
    const accounts = ['1001', '1002', '1003', '1004'];
    await rig.import(file(...accounts.map((account) => ({ account, positions: [stock(APPLE, 10)] }))));
    expect(rig.positions()).toHaveLength(4);
    expect((await rig.client.call('imports.list', {})).items[0]?.accounts).toBe('4 accounts');
  });
});

describe('an import that the book has outrun', () => {
  it('is refused when a row would now end in another state', async () => {
    const rig = createImportRig();
    await rig.import(file({ positions: [stock(APPLE, 10)] }));
    const { previewId } = await rig.preview(file({ asOf: '20240331', positions: [stock(APPLE, 11)] }));
    await rig.import(file({ asOf: '20240229', positions: [stock(APPLE, 12)] }));
    const before = rig.dumpEverything();
    const { code, message } = await refusal(rig.client.call('imports.apply', { previewId }));
    expect(code).toBe('conflict_changed');
    expect(message).toMatch(/^The book changed since this preview/);
    expect(rig.dumpEverything()).toEqual(before);
  });

  it('goes through when what changed has nothing to do with it', async () => {
    const rig = createImportRig();
    const orion = rig.connection('Orion');
    await rig.sync(orion, [{ account: '2002', cusip: APPLE, quantity: '1' }]);
    const { previewId } = await rig.preview(file({ positions: [stock(APPLE, 11)] }));
    await rig.sync(orion, [{ account: '2002', cusip: APPLE, quantity: '2' }]);
    expect((await rig.client.call('imports.apply', { previewId })).added).toBe(1);
  });
});

describe('several files previewed before any is imported', () => {
  it('import one after another, though the first makes the institution known', async () => {
    const rig = createImportRig();
    const previews = [];
    for (const account of ['1001', '1002']) previews.push(await rig.preview(file({ account, positions: [stock(APPLE, 10)] })));
    for (const { previewId } of previews) expect((await rig.client.call('imports.apply', { previewId })).added).toBe(1);
    expect(rig.positions()).toEqual(['1001 037833100 held 10 5 50', '1002 037833100 held 10 5 50']);
    expect(rig.one('SELECT count(*) FROM connections')).toBe(1);
  });
});

describe('a fault in the middle of an import', () => {
  // While it is staged, while it is merged, and at the very end.
  it.each(['staged_pages', 'source_holdings', 'imports'])(
    'while it writes %s leaves nothing behind, and it can be imported afterwards',
    async (table) => {
      const rig = createImportRig();
      await rig.import(file({ positions: [stock(APPLE, 10)] }));
      const { previewId } = await rig.preview(file({ asOf: '20240229', positions: [stock(APPLE, 12), stock(BOEING, 3)] }));
      const before = rig.dumpEverything();
      const mend = rig.failOn('INSERT', table);
      await expect(rig.client.call('imports.apply', { previewId })).rejects.toMatchObject({ code: 'internal' });
      expect(rig.problems).toHaveLength(1);
      mend();
      expect(rig.dumpEverything()).toEqual(before);
      expect(await rig.client.call('imports.apply', { previewId })).toMatchObject({ added: 1, changed: 1 });
      expect(rig.positions()).toEqual(['1001 037833100 held 12 5 60', '1001 097023105 held 3 5 15']);
    },
  );
});
