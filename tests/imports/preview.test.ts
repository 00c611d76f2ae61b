import { describe, expect, it } from 'vitest';
import type { Output } from '../../shared/contract/index.ts';
import { MAX_FILE_BYTES } from '../../main/connectors/custodian-file/file-text.ts';
import { position, secId } from '../connectors/custodian-file/ofx-writer.ts';
import { createImportRig, refusal } from './import-rig.ts';
import { APPLE, BOEING, MICROSOFT, bought, cash, file, movement, stock } from './statements.ts';

const states = (preview: Output<'imports.preview'>): string[] =>
  preview.rows.map((r) => `${r.kind} ${r.state} ${r.label}${r.reason ? `: ${r.reason}` : ''}`);

describe('previewing a custodian file', () => {
  it('shows every row of a first statement as new, its account as not yet in the book, and writes nothing', async () => {
    const rig = createImportRig();
    const before = rig.dumpEverything();
    const preview = await rig.preview(
      file({ positions: [stock(APPLE, 10)], cash: cash('100'), transactions: [bought(APPLE, '10', '-50', 'T1')] }),
    );
    expect(states(preview)).toEqual(['position new Apple Inc', 'cash new Cash (USD)', 'transaction new buy · Apple Inc']);
    expect(preview).toMatchObject({
      fileName: 'statement.qfx',
      format: 'OFX 1.x (SGML 102)',
      alreadyImported: false,
      counts: { new: 3, changed: 0, unchanged: 0, rejected: 0 },
      statements: [
        { institution: 'Larch Custody', accountNumber: '1001', account: null, waits: null, asOf: '2024-01-31', currency: 'USD' },
      ],
    });
    // 10 x 5 = 50
    expect(preview.statements[0]?.checks).toMatchObject([{ stated: '50', computed: '50', agrees: true }]);
    expect(rig.dumpEverything()).toEqual(before);
  });

  it('says of a newer statement what changed, what only moved its date, and what is no longer listed', async () => {
    const rig = createImportRig();
    await rig.import(file({ positions: [stock(APPLE, 10), stock(MICROSOFT, 20), stock(BOEING, 3)], cash: cash('100') }));
    const preview = await rig.preview(file({ asOf: '20240229', positions: [stock(APPLE, 12, 6), stock(MICROSOFT, 20)] }));
    expect(states(preview)).toEqual([
      'position changed Apple Inc: quantity 10 → 12, price 5 → 6, market value 50 → 72.',
      'position unchanged Microsoft Corp: Same values, now as of 2024-02-29.',
    ]);
    expect(preview.statements[0]?.account).toBe('Larch Custody 1001');
    expect(preview.warnings).toContain(
      '1 position of an earlier statement is not in this one and will count as no longer held by the custodian: Boeing Co (3).',
    );
    expect(preview.warnings).toContain(
      'The file says nothing about 1 figure of an earlier statement, which stays as before: Cash (USD) (100).',
    );
  });

  it('shows a row that cannot be taken with its line and reason', async () => {
    const rig = createImportRig();
    const bad = position('POSSTOCK', secId(MICROSOFT), { UNITS: 'n/a' });
    const preview = await rig.preview(file({ positions: [stock(APPLE, 10), bad] }));
    expect(preview.counts).toEqual({ new: 1, changed: 0, unchanged: 0, rejected: 1 });
    expect(preview.rows[1]).toMatchObject({ kind: 'position', state: 'rejected', account: '1001', label: 'POSSTOCK' });
    expect(preview.rows[1]?.reason).toMatch(/^Line \d+: POSSTOCK was not taken: UNITS /);
  });

  it('recognises a file that is in the book already by its bytes', async () => {
    const rig = createImportRig();
    const bytes = file({ positions: [stock(APPLE, 10)], transactions: [movement('7', 'T1')] });
    await rig.import(bytes);
    const preview = await rig.preview(bytes);
    expect(preview.alreadyImported).toBe(true);
    expect(preview.counts).toEqual({ new: 0, changed: 0, unchanged: 2, rejected: 0 });
  });

  it('finds the account of the book by custodian and number, and says where Clearway differs', async () => {
    const rig = createImportRig();
    await rig.sync(rig.connection('Orion'), [
      { account: '01-001', cusip: APPLE, quantity: '10' },
      { account: '01-001', cusip: MICROSOFT, quantity: '21' },
    ]);
    const preview = await rig.preview(file({ positions: [stock(APPLE, 10), stock(MICROSOFT, 20)] }));
    expect(preview.statements[0]?.account).toBe('Birchwood family trust 01-001');
    // 21 x 5 = 105
    expect(states(preview)).toEqual([
      'position new Apple Inc: Agrees with Clearway.',
      'position new Microsoft Corp: Clearway has quantity 21, market value 105.',
    ]);
  });

  it('asks a person when the book has the number at a custodian of another name', async () => {
    const rig = createImportRig();
    await rig.sync(rig.connection('Orion'), [{ account: '1001', cusip: APPLE, quantity: '10' }]);
    rig.db.prepare("UPDATE accounts SET custodian = 'Larch Trust Company'").run();
    const preview = await rig.preview(file({ positions: [stock(APPLE, 10)] }));
    expect(preview.statements[0]).toMatchObject({
      account: null,
      waits: 'The book has this account number under another name of the custodian',
    });
    expect(preview.rows[0]?.reason).toBe('Kept apart from the book until its account is linked.');
    expect(preview.warnings[0]).toMatch(
      /^Account 1001 waits for a person: The book has this account number under another name of the custodian\./,
    );
  });

  it('warns that the book is ahead of an older statement and takes only its transactions', async () => {
    const rig = createImportRig();
    await rig.import(file({ asOf: '20240229', positions: [stock(APPLE, 12)], transactions: [movement('7', 'T1')] }));
    const preview = await rig.preview(
      file({
        asOf: '20240131',
        positions: [stock(APPLE, 10)],
        cash: cash('9'),
        transactions: [movement('8', 'T1'), movement('3', 'T0')],
      }),
    );
    expect(states(preview)).toEqual([
      'position rejected Apple Inc: Not taken: the statement is as of 2024-01-31 and the book has this account as of 2024-02-29.',
      'cash rejected Cash (USD): Not taken: the statement is as of 2024-01-31 and the book has this account as of 2024-02-29.',
      'transaction rejected CREDIT · Cash movement: Not taken: a newer statement says it differently (cash 7 → 8).',
      'transaction new CREDIT · Cash movement',
    ]);
    expect(preview.warnings[0]).toBe(
      'Account 1001: the statement is as of 2024-01-31, and the book already has this account as of 2024-02-29. Only its transactions are imported; its positions would put older values over newer ones.',
    );
  });

  it('shows at most 5,000 rows, those to look at first, and counts all', async () => {
    const rig = createImportRig();
    const many = Array.from({ length: 5001 }, (_, i) => movement('1', `T${i}`));
    const bad = position('POSSTOCK', secId(MICROSOFT), { UNITS: 'n/a' });
    const preview = await rig.preview(file({ positions: [bad], transactions: many }));
    expect(preview.rows).toHaveLength(5000);
    expect(preview.rows[0]?.state).toBe('rejected');
    expect(preview.counts).toEqual({ new: 5001, changed: 0, unchanged: 0, rejected: 1 }); // 5,001 movements and one bad row
    expect(preview.warnings).toContain('The file has 5002 rows; the 5000 that matter most are shown, and all are imported.');
  });
});

describe('files that cannot be read', () => {
  const cases: readonly (readonly [name: string, bytes: Uint8Array, sentence: RegExp])[] = [
    ['an empty file', new Uint8Array(), /^The file is empty/],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0), /^Line 1: The file holds a NUL byte/],
    [
      'a file that expands itself',
      new TextEncoder().encode('<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY a "aaaa">]><OFX></OFX>'),
      /DTD/,
    ],
    ['a file cut short', file({ positions: [stock(APPLE, 10)] }).subarray(0, 600), /^Line \d+: /],
    [
      'a file of bank accounts only',
      new TextEncoder().encode('OFXHEADER:100\r\n\r\n<OFX><BANKMSGSRSV1></BANKMSGSRSV1></OFX>'),
      /no investment statement/,
    ],
  ];
  for (const [name, bytes, sentence] of cases)
    it(`${name} is refused with a sentence, and nothing is written`, async () => {
      const rig = createImportRig();
      const before = rig.dumpEverything();
      const { code, message } = await refusal(rig.preview(bytes));
      expect([code, rig.problems]).toEqual(['unreadable_file', []]);
      expect(message).toMatch(sentence);
      expect(rig.dumpEverything()).toEqual(before);
    });

  it('a file of more than 20 MB is refused as too large before it is read', async () => {
    const rig = createImportRig();
    const { code } = await refusal(rig.preview(new Uint8Array(MAX_FILE_BYTES + 1)));
    expect(code).toBe('too_large');
  });

  it('content that is not base64 is refused as input', async () => {
    const rig = createImportRig();
    const { code } = await refusal(rig.client.call('imports.preview', { fileName: 'a.qfx', content: 'not base64!' }));
    expect(code).toBe('invalid_input');
  });
});

describe('previews kept for importing', () => {
  const bytes = file({ positions: [stock(APPLE, 10)] });

  it('are gone after half an hour', async () => {
    const rig = createImportRig();
    const { previewId } = await rig.preview(bytes);
    rig.later(30 * 60_000);
    expect((await refusal(rig.client.call('imports.apply', { previewId }))).code).toBe('not_found');
  });

  it('belong to the person who made them', async () => {
    const rig = createImportRig();
    const { previewId } = await rig.preview(bytes);
    expect((await refusal(rig.as('Somebody else').call('imports.apply', { previewId }))).code).toBe('not_found');
    expect((await rig.client.call('imports.apply', { previewId })).added).toBe(1);
  });

  it('make room for newer ones', async () => {
    const rig = createImportRig();
    const { previewId } = await rig.preview(bytes);
    for (let i = 0; i < 8; i += 1) await rig.preview(bytes);
    expect((await refusal(rig.client.call('imports.apply', { previewId }))).code).toBe('not_found');
  });
});
