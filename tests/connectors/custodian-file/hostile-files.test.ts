import { describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '../../../main/connectors/custodian-file/file-text.ts';
import { readOfx } from '../../../main/connectors/custodian-file/read-ofx.ts';
import { SGML_HEADER, XML_HEADER } from './ofx-writer.ts';
import { bytes, refusal } from './reading.ts';

/** The refusal, and that it came quickly: a hostile file must not hold the import up. */
function quickly(content: Uint8Array, within = 3_000): string {
  const started = performance.now();
  const sentence = refusal(() => readOfx(content));
  expect(performance.now() - started).toBeLessThan(within);
  return sentence;
}

describe('hostile files', () => {
  it('refuses entity bombs by refusing every document type declaration', () => {
    const laughs = [
      '<!DOCTYPE OFX [',
      '<!ENTITY a "ha">',
      ...Array.from({ length: 30 }, (_, i) => `<!ENTITY a${i + 1} "&a${i || ''};&a${i || ''};">`),
      ']>',
      '<OFX>&a30;</OFX>',
    ];
    expect(quickly(bytes(XML_HEADER + laughs.join('\n')))).toMatch(/^Line 3: The file begins with a document type declaration/);
    expect(quickly(bytes(`${XML_HEADER}<OFX>\n<!DOCTYPE x SYSTEM "file:///etc/passwd">\n&x;</OFX>`))).toMatch(
      /^Line 4: A declaration such as a DTD/,
    );
  });

  it('does not expand unknown entities or fetch anything', () => {
    expect(quickly(bytes(`${XML_HEADER}<OFX><A>&xxe;</A></OFX>`))).toMatch(/holds no investment statement/);
  });

  it.each(['sgml', 'xml'])('stops at the depth limit with a million nested tags (%s)', (format) => {
    const header = format === 'xml' ? XML_HEADER : SGML_HEADER;
    expect(quickly(bytes(`${header}<OFX>${'<A>'.repeat(1_000_000)}`))).toMatch(/nested more than 64 deep/);
  });

  it('stops at the limit of elements', () => {
    expect(quickly(bytes(`${XML_HEADER}<OFX>${'<A/>'.repeat(1_600_000)}</OFX>`), 25_000)).toMatch(
      /has more than 1500000 elements/,
    );
  });

  it('refuses more than 20 MB before looking inside, whatever the file claims', () => {
    expect(quickly(new Uint8Array(MAX_FILE_BYTES + 1).fill(60))).toBe(
      'The file has 20000001 bytes; at most 20000000 are read. Ask the custodian for a shorter period.',
    );
    const claim = SGML_HEADER.replace('NEWFILEUID:NONE', 'NEWFILEUID:NONE\r\nCONTENT-LENGTH:1073741824');
    expect(quickly(bytes(`${claim}<OFX><INVSTMTMSGSRSV1>`))).toMatch(/cut off/);
  });

  it('refuses NUL bytes with their line and UTF-16 without a mark', () => {
    expect(quickly(bytes(`${SGML_HEADER}<OFX>\n<A>\u0000</OFX>`))).toMatch(/^Line 12: The file holds a NUL byte/);
    expect(quickly(new Uint8Array(Buffer.from(`${SGML_HEADER}<OFX></OFX>`, 'utf16le')))).toMatch(/NUL byte/);
  });

  it('refuses endless comments, sections, instructions, tags and values', () => {
    const long = 'x'.repeat(2_000_000);
    for (const start of ['<!--', '<![CDATA[', '<?x ', '<TAG ', `<${'T'.repeat(5_000)}>`])
      expect(quickly(bytes(`${SGML_HEADER}<OFX>${start}${long}`))).toMatch(/^Line 11: /);
    expect(quickly(bytes(`${SGML_HEADER}<OFX><MEMO>${long}</OFX>`))).toMatch(
      /The value of <MEMO> has more than 20000 characters/,
    );
  });

  it('stays fast on inputs that make careless readers slow', () => {
    const many = 500_000;
    for (const text of [
      '<'.repeat(many),
      '< '.repeat(many),
      '&'.repeat(many),
      '&#'.repeat(many),
      '<a<'.repeat(many),
      '\n'.repeat(many),
      '<!-- -->'.repeat(many),
      '</'.repeat(many),
    ])
      expect(quickly(bytes(`${SGML_HEADER}<OFX>${text}`))).not.toBe('');
    expect(quickly(bytes(`OFXHEADER:100${'DATA:'.repeat(1_500)}<OFX>`))).not.toBe('');
  });

  it('flattens unclosed empty values without growing slower and slower', () => {
    const unclosed = `<OFX>${'<E>'.repeat(60)}${'<V>1'.repeat(200_000)}</OFX>`;
    expect(quickly(bytes(SGML_HEADER + unclosed), 25_000)).toMatch(/holds no investment statement/);
  });
});
