import { describe, expect, it } from 'vitest';
import { readOfx } from '../../../main/connectors/custodian-file/read-ofx.ts';
import { APPLE, described, document, position, secId, SGML_HEADER, statement, written, XML_HEADER } from './ofx-writer.ts';
import { bytes, refusal } from './reading.ts';

const account = '<DTASOF>20240131<CURDEF>USD<INVACCTFROM><BROKERID>b<ACCTID>7</INVACCTFROM>';
const around = (inner: string): string =>
  `<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS>${inner}</INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1></OFX>`;
const withMemo = (memo: string): string =>
  around(
    `${account}<INVTRANLIST><INVBANKTRAN><STMTTRN><TRNTYPE>INT<DTPOSTED>20240105<TRNAMT>1.25<FITID>1<MEMO>${memo}</STMTTRN></INVBANKTRAN></INVTRANLIST>`,
  );
const memoOf = (content: Uint8Array): string | undefined => readOfx(content).statements[0]?.transactions[0]?.memo;

describe('headers', () => {
  it('knows SGML by its header lines', () => {
    expect(readOfx(bytes(SGML_HEADER + around(account)))).toMatchObject({ format: 'sgml', version: '102', warnings: [] });
  });

  it('knows XML by its processing instruction', () => {
    const file = readOfx(written(document([statement({})]), 'xml'));
    expect(file).toMatchObject({ format: 'xml', version: '211', institution: { org: 'Larch Custody', fid: '77' } });
  });

  it('reads a header without line breaks, and one with two carriage returns per line', () => {
    const squeezed =
      'OFXHEADER:100DATA:OFXSGMLVERSION:103SECURITY:NONEENCODING:USASCIICHARSET:1252COMPRESSION:NONEOLDFILEUID:NONENEWFILEUID:NONE';
    expect(readOfx(bytes(squeezed + around(account))).version).toBe('103');
    expect(readOfx(bytes(SGML_HEADER.replaceAll('\r\n', '\r\r\n') + around(account))).version).toBe('102');
  });

  it('reads a bare document and says that it has no header', () => {
    const file = readOfx(bytes(around(account)));
    expect(file.version).toBeNull();
    expect(file.warnings).toEqual(['The file has no header; it is read as OFX 1.x.']);
  });

  it('refuses what is protected, compressed or of another kind, in words', () => {
    expect(refusal(() => readOfx(bytes(SGML_HEADER.replace('SECURITY:NONE', 'SECURITY:TYPE1') + around(account))))).toMatch(
      /^Line 1: The file is protected/,
    );
    expect(refusal(() => readOfx(bytes(SGML_HEADER.replace('COMPRESSION:NONE', 'COMPRESSION:GZIP') + around(account))))).toMatch(
      /compressed/,
    );
    expect(refusal(() => readOfx(bytes('Date,Amount\n2024-01-01,5\n')))).toBe(
      'Line 1: This is not an OFX or QFX file: the tag <OFX> was not found at its beginning.',
    );
    expect(refusal(() => readOfx(bytes('hello <OFX></OFX>')))).toMatch(/does not begin with an OFX header/);
    expect(refusal(() => readOfx(new Uint8Array()))).toBe('The file is empty. Download it again from the custodian.');
  });
});

describe('character sets', () => {
  const high = (before: string, after: string, ...codes: number[]): Uint8Array =>
    new Uint8Array([...bytes(before), ...codes, ...bytes(after)]);
  const [before = '', after = ''] = withMemo('|').split('|');

  it('reads Windows-1252 where the header says so', () => {
    expect(memoOf(high(SGML_HEADER + before, after, 0x43, 0x61, 0x66, 0xe9, 0x80))).toBe('Café€');
  });

  it('reads UTF-8 where the header says so, and with a byte order mark', () => {
    const header = SGML_HEADER.replace('ENCODING:USASCII', 'ENCODING:UTF-8').replace('CHARSET:1252', 'CHARSET:NONE');
    expect(memoOf(bytes(header + withMemo('Café €')))).toBe('Café €');
    expect(memoOf(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes(SGML_HEADER + withMemo('Café €'))]))).toBe('Café €');
  });

  it('falls back to Windows-1252 with a warning when bytes are not the UTF-8 that was promised', () => {
    const header = SGML_HEADER.replace('ENCODING:USASCII', 'ENCODING:UTF-8');
    const content = high(header + before, after, 0x43, 0x61, 0x66, 0xe9);
    expect(memoOf(content)).toBe('Café');
    expect(readOfx(content).warnings).toEqual([
      'The file says it is UTF-8 but is not; it was read as Windows-1252, so accented letters in names may be wrong. Amounts are not affected.',
    ]);
  });

  it('refuses character sets it does not read, and UTF-16', () => {
    expect(refusal(() => readOfx(bytes(SGML_HEADER.replace('CHARSET:1252', 'CHARSET:932') + around(account))))).toMatch(
      /character set 932/,
    );
    const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from(SGML_HEADER + around(account), 'utf16le')]);
    expect(refusal(() => readOfx(utf16))).toBe('Line 1: The file is stored as UTF-16. Save it as UTF-8 and import it again.');
  });
});

describe('tags and text', () => {
  const memo = (text: string): string | undefined => memoOf(bytes(SGML_HEADER + withMemo(text)));

  it('decodes the predefined and numeric entities once and leaves other ampersands alone', () => {
    expect(memo('A &amp; B &lt;C&gt; &#169; &#xA9; D&nbsp;E')).toBe('A & B <C> © © D E');
    expect(memo('&amp;lt;')).toBe('&lt;');
    expect(memo('AT&T &unknown; &#0; &#xD800; &#99999999; R&D;')).toBe('AT&T &unknown; &#0; &#xD800; &#99999999; R&D;');
  });

  it('takes values over line breaks, a bare less-than sign, CDATA and comments', () => {
    expect(memo('  first\r\n   second  ')).toBe('first second');
    expect(memo('a < b <= c')).toBe('a < b <= c');
    expect(memo('one <![CDATA[<two> &amp;]]> three')).toBe('one <two> &amp; three');
    expect(memo('one<!-- <MEMO>no --> two')).toBe('one two');
  });

  it('reads closed value tags in SGML, lower-case tags and attributes', () => {
    expect(memo('closed</MEMO>')).toBe('closed');
    const lower =
      SGML_HEADER +
      withMemo('x').replaceAll(/<(\/?)([A-Z0-9]+)/g, (_, slash: string, name: string) => `<${slash}${name.toLowerCase()}`);
    expect(memoOf(bytes(lower))).toBe('x');
    expect(memoOf(bytes((SGML_HEADER + withMemo('x')).replace('<OFX>', '<OFX xmlns="http://ofx.net">')))).toBe('x');
  });

  it('takes an unclosed value tag without a value as empty, not as the parent of what follows', () => {
    const content =
      SGML_HEADER +
      around(
        `${account}<INVTRANLIST><INVBANKTRAN><STMTTRN><TRNTYPE>INT<CHECKNUM><DTPOSTED>20240105<TRNAMT>1.25<NAME><FITID>1</STMTTRN></INVBANKTRAN></INVTRANLIST>`,
      );
    expect(readOfx(bytes(content)).statements[0]?.transactions[0]).toMatchObject({
      cashDelta: '1.25',
      fitId: '1',
      tradeDate: '2024-01-05',
    });
  });

  it('counts lines and gives the column where a line holds several rows', () => {
    const rows = document([
      statement({ positions: [position('POSSTOCK', secId(APPLE), {}), position('POSSTOCK', secId('594918104'), {})] }),
    ]);
    const places = (style: 'sgml' | 'sgml-one-line') =>
      readOfx(written(rows, style)).statements[0]?.positions.map(({ line, column }) => ({ line, column }));
    // A row has 14 lines: 2 for POSSTOCK, 2 for INVPOS, 4 for SECID, 6 values.
    const [first, second] = places('sgml') ?? [];
    expect([first?.column, second?.column]).toEqual([null, null]);
    expect((second?.line ?? 0) - (first?.line ?? 0)).toBe(14);
    const lines = new TextDecoder().decode(written(rows)).split('\n');
    expect(lines[(first?.line ?? 0) - 1]?.trim()).toBe('<POSSTOCK>');

    const text = new TextDecoder().decode(written(rows, 'sgml-one-line'));
    const line = text.split('\n').at(-1) ?? '';
    expect(places('sgml-one-line')).toEqual([
      { line: 11, column: line.indexOf('<POSSTOCK>') + 1 },
      { line: 11, column: line.lastIndexOf('<POSSTOCK>') + 1 },
    ]);
  });
});

describe('damaged structure', () => {
  const sgml = (inner: string): string => refusal(() => readOfx(bytes(SGML_HEADER + inner)));

  it('names the line of what is left open when a file is cut off', () => {
    expect(sgml('<OFX>\n<INVSTMTMSGSRSV1>\n<INVSTMTTRNRS>\n<INVSTMTRS>\n<DTASOF>20240131')).toBe(
      'Line 14: <INVSTMTRS> is opened here and never closed. The file is cut off; download it again.',
    );
  });

  it('refuses an aggregate that is closed over another open one', () => {
    expect(sgml(around(`${account}<INVPOSLIST><POSSTOCK>\n<INVPOS></POSSTOCK></INVPOSLIST>`))).toBe(
      'Line 12: </POSSTOCK> stands here while <INVPOS> of line 12 is still open.',
    );
  });

  it('refuses a closing tag of nothing, text outside tags and a second document', () => {
    expect(sgml('<OFX></STATUS></OFX>')).toBe('Line 11: </STATUS> closes nothing that is open.');
    expect(sgml(around(`${account}<INVPOSLIST></INVPOSLIST> loose words`))).toBe(
      'Line 11: Text stands where a tag was expected: "loose words".',
    );
    expect(sgml(`${around(account)}\n${around(account)}`)).toBe('Line 12: <OFX> stands after the end of the document.');
  });

  it('accepts the end-of-file character of DOS after the document', () => {
    expect(readOfx(bytes(`${SGML_HEADER}${around(account)}\r\n\u001a`)).statements).toHaveLength(1);
  });

  it('requires closed tags of XML', () => {
    expect(refusal(() => readOfx(bytes(XML_HEADER + around(account))))).toBe(
      'Line 3: <DTASOF> is not closed, which OFX 2.x requires.',
    );
  });
});

describe('files without an investment statement', () => {
  it('repeats the reason with which the custodian refused', () => {
    const refused =
      '<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><TRNUID>1<STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Sign on first</STATUS></INVSTMTTRNRS></INVSTMTMSGSRSV1></OFX>';
    expect(refusal(() => readOfx(bytes(SGML_HEADER + refused)))).toBe(
      'Line 11: The custodian answered with an error instead of a statement: Sign on first (code 15500).',
    );
  });

  it('tells bank statements from nothing at all', () => {
    expect(refusal(() => readOfx(bytes(`${SGML_HEADER}<OFX><BANKMSGSRSV1></BANKMSGSRSV1></OFX>`)))).toMatch(
      /bank or card statements but no investment statement/,
    );
    expect(refusal(() => readOfx(bytes(`${SGML_HEADER}<OFX></OFX>`)))).toMatch(/holds no investment statement/);
  });

  it('refuses the file when its only statement has no account, date or currency', () => {
    const fails = (parts: Parameters<typeof statement>[0]): string =>
      refusal(() => readOfx(written(document([statement(parts)]))));
    expect(fails({ asOf: '20240231' })).toMatch(/INVSTMTRS was not taken: DTASOF "20240231" is not a date\.$/);
    expect(fails({ asOf: null })).toMatch(/DTASOF is missing\.$/);
    expect(fails({ currency: 'US' })).toMatch(/CURDEF "US" is not a currency code\.$/);
    expect(fails({ account: '' })).toMatch(/ACCTID is missing\.$/);
  });

  it('keeps the good statement of a file beside a bad one', () => {
    const file = readOfx(
      written(
        document([statement({ asOf: '2024' }), statement({ account: '1002' })], [described('STOCKINFO', secId(APPLE), 'Apple')]),
      ),
    );
    expect(file.statements.map((s) => s.accountId)).toEqual(['1002']);
    expect(file.rejected).toMatchObject([{ tag: 'INVSTMTRS', path: 'INVSTMTRS/DTASOF' }]);
  });
});
