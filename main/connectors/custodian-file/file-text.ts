import { unreadable } from './unreadable.ts';

export const MAX_FILE_BYTES = 20_000_000;
const MAX_HEADER_CHARACTERS = 8_192;

/** A file as text: SGML is OFX 1.x, XML is OFX 2.x. `bodyStart` is the offset of the root tag. */
export interface FileText {
  readonly format: 'sgml' | 'xml';
  /** As the header writes it, such as `102` or `211`. */
  readonly version: string | null;
  readonly text: string;
  readonly bodyStart: number;
  readonly warnings: readonly string[];
}

const ROOT = /<OFX[\s>]/i;
const HEADER_KEYS = 'OFXHEADER|DATA|VERSION|SECURITY|ENCODING|CHARSET|COMPRESSION|OLDFILEUID|NEWFILEUID';
// Some files write the whole header on one line without separators, so a value also ends where the next key begins.
const HEADER_VALUE = new RegExp(`(${HEADER_KEYS})\\s*:[ \\t]*([^\\s<]*?)(?=\\s|<|$|(?:${HEADER_KEYS})\\s*:)`, 'gi');

const lineOf = (bytes: Uint8Array, offset: number): number => {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < offset; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
};

function refuseBinary(bytes: Uint8Array): void {
  if (bytes.length === 0) throw unreadable(null, 'The file is empty. Download it again from the custodian.');
  if (bytes.length > MAX_FILE_BYTES)
    throw unreadable(
      null,
      `The file has ${bytes.length} bytes; at most ${MAX_FILE_BYTES} are read. Ask the custodian for a shorter period.`,
    );
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff)
    throw unreadable(1, 'The file is stored as UTF-16. Save it as UTF-8 and import it again.');
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    throw unreadable(
      lineOf(bytes, nul),
      'The file holds a NUL byte, so it is not text. It may be damaged or stored as UTF-16; download it again.',
    );
}

const attribute = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}\\s*=\\s*["']([^"']{0,80})["']`, 'i').exec(tag)?.[1] ?? null;

interface Header {
  readonly format: 'sgml' | 'xml';
  readonly version: string | null;
  /** Encoding label for TextDecoder, or null when the header names none beyond ASCII. */
  readonly encoding: string | null;
  readonly warning: string | null;
}

function encodingLabel(declared: string): string | null {
  const name = declared.toUpperCase();
  if (name === '' || name === 'NONE' || name === 'USASCII' || name === 'US-ASCII') return null;
  if (name === 'UTF-8' || name === 'UTF8' || name === 'UNICODE') return 'utf-8';
  if (/^(?:ISO-?)?8859-1$/.test(name)) return 'windows-1252';
  const codePage = /^(?:CP|WINDOWS-)?(125\d)$/.exec(name)?.[1];
  if (codePage !== undefined) return `windows-${codePage}`;
  throw unreadable(
    1,
    `The file is in the character set ${declared.slice(0, 40)}, which is not read. Save it as UTF-8 and import it again.`,
  );
}

function readHeader(head: string): Header {
  if (/<\?(?:xml|OFX)\b/i.test(head)) {
    const xml = /<\?xml\b[^>]*\?>/i.exec(head)?.[0] ?? '';
    const ofx = /<\?OFX\b[^>]*\?>/i.exec(head)?.[0] ?? '';
    refuseProtected(attribute(ofx, 'SECURITY'), null);
    return {
      format: 'xml',
      version: attribute(ofx, 'VERSION'),
      encoding: encodingLabel(attribute(xml, 'encoding') ?? 'UTF-8'),
      warning: null,
    };
  }
  const values = new Map([...head.matchAll(HEADER_VALUE)].map((m) => [(m[1] ?? '').toUpperCase(), m[2] ?? '']));
  if (!values.has('OFXHEADER')) {
    if (head.trim() === '')
      return { format: 'sgml', version: null, encoding: null, warning: 'The file has no header; it is read as OFX 1.x.' };
    throw unreadable(1, 'This is not an OFX or QFX file: it does not begin with an OFX header.');
  }
  refuseProtected(values.get('SECURITY') ?? null, values.get('COMPRESSION') ?? null);
  const base = encodingLabel(values.get('ENCODING') ?? '');
  return {
    format: 'sgml',
    version: values.get('VERSION') || null,
    encoding: base ?? encodingLabel(values.get('CHARSET') ?? ''),
    warning: null,
  };
}

function refuseProtected(security: string | null, compression: string | null): void {
  if (security !== null && !/^(?:NONE)?$/i.test(security))
    throw unreadable(
      1,
      `The file is protected (SECURITY ${security.slice(0, 20)}) and cannot be read. Download it without protection.`,
    );
  if (compression !== null && !/^(?:NONE)?$/i.test(compression))
    throw unreadable(
      1,
      `The file is compressed (COMPRESSION ${compression.slice(0, 20)}) and cannot be read. Download it uncompressed.`,
    );
}

function decode(bytes: Uint8Array, encoding: string | null): { text: string; warning: string | null } {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (encoding !== null && encoding !== 'utf-8' && !marked)
    return { text: new TextDecoder(encoding).decode(bytes), warning: null };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), warning: null };
  } catch {
    const claim = encoding === null ? 'names no character set' : 'says it is UTF-8 but is not';
    return {
      text: new TextDecoder('windows-1252').decode(bytes),
      warning: `The file ${claim}; it was read as Windows-1252, so accented letters in names may be wrong. Amounts are not affected.`,
    };
  }
}

/** Checks size and kind of the bytes, reads the header and decodes the text. Throws the `unreadable` error. */
export function readFileText(bytes: Uint8Array): FileText {
  refuseBinary(bytes);
  const start = new TextDecoder('windows-1252').decode(bytes.subarray(0, MAX_HEADER_CHARACTERS + 8));
  const declaration = /<![A-Za-z]/.exec(start);
  const root = ROOT.exec(start);
  if (declaration && (!root || declaration.index < root.index))
    throw unreadable(
      lineOf(bytes, declaration.index),
      'The file begins with a document type declaration (DTD). Such files are not read, because a DTD can change what the file means.',
    );
  if (!root) throw unreadable(1, 'This is not an OFX or QFX file: the tag <OFX> was not found at its beginning.');

  const header = readHeader(start.slice(0, root.index).replace(/^\u00ef\u00bb\u00bf/, ''));
  const { text, warning } = decode(bytes, header.encoding);
  const bodyStart = ROOT.exec(text)?.index ?? 0;
  return {
    format: header.format,
    version: header.version,
    text,
    bodyStart,
    warnings: [header.warning, warning].filter((w) => w !== null),
  };
}
