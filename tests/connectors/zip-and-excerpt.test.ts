import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { excerpt, placeInFile } from '../../main/connectors/excerpt.ts';
import { openZip, ZIP_LIMITS, ZipError } from '../../main/connectors/zip.ts';
import { zipOf } from './doubles/zip-of.ts';

const readAll = async (bytes: Uint8Array, limits = ZIP_LIMITS): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await openZip(bytes, limits)).map(async (m) => [m.name, new TextDecoder().decode(await m.read())] as const),
    ),
  );

/** Overwrites the declared inflated size of the only file, in its local header (offset 22) and its directory entry (24). */
function declareSize(zip: Uint8Array, size: number): Uint8Array {
  const bytes = Buffer.from(zip);
  const directory = bytes.indexOf(Buffer.from('504b0102', 'hex'));
  bytes.writeUInt32LE(size, 22);
  bytes.writeUInt32LE(size, directory + 24);
  return bytes;
}

describe('reading a ZIP archive', () => {
  it('reads stored and deflated files and the beginning of a file', async () => {
    const files = { 'a.json': '[1,2]', 'folder/b.json': Array.from({ length: 20_000 }, (_, i) => String(i * i)).join() };
    expect(await readAll(await zipOf(files))).toEqual(files);
    expect(await readAll(await zipOf(files, false))).toEqual(files);
    const [, second] = await openZip(await zipOf(files));
    const head = await second?.head(10);
    expect(head?.length).toBeGreaterThanOrEqual(10);
    expect(head?.length).toBeLessThan(files['folder/b.json'].length);
  });

  it('refuses an archive that was cut off, wherever the cut is', async () => {
    const whole = await zipOf({ 'a.json': JSON.stringify(Array.from({ length: 500 }, (_, i) => i)) });
    for (let length = 0; length < whole.length; length += 7)
      await expect(readAll(whole.subarray(0, length))).rejects.toThrow(ZipError);
  });

  it('refuses damaged content by its checksum', async () => {
    const whole = await zipOf({ 'a.json': 'grass and leaves' }, false);
    const at = Buffer.from(whole).indexOf('grass');
    const damaged = new Uint8Array(whole);
    damaged[at] = 'G'.charCodeAt(0);
    await expect(readAll(damaged)).rejects.toThrow('fails its checksum');
  });

  it('refuses bombs: too tight, too large in one file, too large together, too many files', async () => {
    const tight = await zipOf({ zeros: Buffer.alloc(2_000_000) });
    await expect(openZip(tight)).rejects.toThrow('packed more tightly than real data can be');
    const plain = await zipOf({ a: 'x'.repeat(600), b: 'y'.repeat(600) }, false);
    await expect(openZip(plain, { ...ZIP_LIMITS, fileBytes: 500 })).rejects.toThrow('beyond the limit');
    await expect(openZip(plain, { ...ZIP_LIMITS, totalBytes: 1000 })).rejects.toThrow('all its files together');
    await expect(openZip(plain, { ...ZIP_LIMITS, entries: 1 })).rejects.toThrow('holds 2 files, more than 1');
  });

  it('stops a file that inflates to more than it declares', async () => {
    const honest = await zipOf({ a: 'grass '.repeat(2000) });
    expect(deflateRawSync('grass '.repeat(2000)).length).toBeLessThan(200);
    await expect(readAll(declareSize(honest, 50))).rejects.toThrow(ZipError);
    await expect(readAll(declareSize(honest, 20_000))).rejects.toThrow(ZipError);
  });

  it('refuses many files over the same few bytes', async () => {
    const zip = Buffer.from(await zipOf({ 'a.json': 'grass', 'b.json': 'grass' }, false));
    const second = zip.lastIndexOf(Buffer.from('504b0102', 'hex'));
    // Offset 42 of a directory entry is where its file stands: the second is moved onto the first.
    zip.writeUInt32LE(0, second + 42);
    await expect(openZip(zip)).rejects.toThrow('files that lie over each other');
  });

  it('takes an archive inside an archive for a file like any other', async () => {
    const inner = await zipOf({ zeros: Buffer.alloc(2_000_000) });
    const [member] = await openZip(await zipOf({ 'inner.zip': inner }));
    expect((await member?.read())?.length).toBe(inner.length);
  });

  it('refuses names that lead out of a folder and two files of one name', async () => {
    const zip = Buffer.from(await zipOf({ 'aaa/b.json': '1', 'ccc/d.json': '2' }, false));
    const renamed = (from: string, to: string): Uint8Array =>
      new Uint8Array(Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1'));
    for (const name of ['../x/b.jso', '/etc/b.jso', 'C:/xx.json'])
      await expect(openZip(renamed('aaa/b.json', name))).rejects.toThrow('names a file outside its own folder');
    await expect(openZip(renamed('ccc/d.json', 'aaa/b.json'))).rejects.toThrow('two files named aaa/b.json');
  });
});

describe('excerpt of a stored payload', () => {
  it('cuts a record out of JSON, byte for byte', async () => {
    const raw = new TextEncoder().encode('[{"id":1,"v":1.50},\n{"id":2,"v":0.10}]');
    expect(await excerpt(raw, 'application/json; charset=utf-8', '/1')).toBe('{"id":2,"v":0.10}');
    expect(await excerpt(raw, 'application/json', '/2')).toBeNull();
  });

  it('cuts a record out of a file of an archive, also when the file name holds a #', async () => {
    const raw = await zipOf({ 'Accounts#1.json': '[{"Id":"7","Holdings":[{"Id":"1","Units":50.10}]}]' });
    expect(await excerpt(raw, 'application/zip', placeInFile('Accounts#1.json', '/0/Holdings/0'))).toBe(
      '{"Id":"1","Units":50.10}',
    );
    expect(await excerpt(raw, 'application/zip', placeInFile('Other.json', '/0'))).toBeNull();
  });

  it('drops a byte order mark with the rest of the frame', async () => {
    expect(await excerpt(new TextEncoder().encode('\uFEFF[1,2]'), 'application/json', '/1')).toBe('2');
  });
});
