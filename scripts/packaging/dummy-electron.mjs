import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const WIRE_VERSION = 1;
/** The fuses of Electron 45 as they leave its build: 1 on, 0 off. */
const FACTORY = '101100011';

/** @param {string} [wire] @returns {Buffer} bytes in which the fuse tool finds a fuse wire, as in an Electron executable */
export const fuseWire = (wire = FACTORY) =>
  Buffer.concat([
    Buffer.alloc(4096, 7),
    Buffer.from(SENTINEL),
    Buffer.from([WIRE_VERSION, wire.length]),
    Buffer.from(wire),
    Buffer.alloc(4096, 7),
  ]);

/**
 * Makes a folder that electron-builder takes for an Electron distribution, so that packing can be tried without one.
 * @param {string} folder @param {'linux' | 'win'} system
 */
export function makeDummyElectron(folder, system) {
  mkdirSync(folder, { recursive: true });
  const executable = join(folder, system === 'win' ? 'electron.exe' : 'electron');
  writeFileSync(executable, fuseWire());
  chmodSync(executable, 0o755);
}
