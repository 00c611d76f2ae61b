import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CODE, sourceFiles } from '../../scripts/source-files.mjs';

const PROGRAM = /^(main|preload|renderer|shared)\//;
const files = sourceFiles(process.cwd(), CODE).filter((file) => PROGRAM.test(file));

/** `file: text` of everything that fits, comments left out, in the files of the program. */
const found = (pattern: RegExp, within = PROGRAM): string[] =>
  files
    .filter((file) => within.test(file))
    .flatMap((file) => {
      const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
      return [...code.matchAll(pattern)].map((match) => `${file}: ${match[0]}`);
    });

describe('the program', () => {
  it('hands links to the system in one place, behind the list of sites', () => {
    expect(found(/\.openExternal\(/g)).toEqual(['main/electron/index.ts: .openExternal(']);
  });

  it('listens to the page on one channel', () => {
    expect(found(/ipcMain\.\w+\(/g)).toEqual([
      'main/electron/index.ts: ipcMain.removeAllListeners(',
      'main/electron/index.ts: ipcMain.on(',
    ]);
    expect(found(/ipcRenderer\.\w+\(/g)).toEqual(['preload/index.ts: ipcRenderer.on(', 'preload/index.ts: ipcRenderer.send(']);
  });

  it('exposes one object to the page', () => {
    expect(found(/exposeInMainWorld\('\w+'/g)).toEqual(["preload/index.ts: exposeInMainWorld('clearwayDesktop'"]);
  });

  it('weakens nothing that Chromium or Electron protects', () => {
    expect(
      found(
        /disable-web-security|ignore-certificate-errors|no-sandbox|bypassCSP|allowpopups|<webview|enableBlinkFeatures|webSecurity: false|setCertificateVerifyProc|rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED|@electron\/remote/g,
      ),
    ).toEqual([]);
  });

  it('uses no synchronous safe storage, which Electron is about to remove', () => {
    expect(found(/\b(encryptString|decryptString|isEncryptionAvailable)\(/g)).toEqual([]);
  });

  it('turns no text into code or markup', () => {
    expect(
      found(/dangerouslySetInnerHTML|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(/g),
    ).toEqual([]);
  });

  it('names no address without encryption but this machine and XML namespaces', () => {
    const plain = found(/\b(http|ws|ftp):\/\/[^\s'"`$]*/g).filter(
      (line) => !/: (http|ws):\/\/(127\.0\.0\.1|localhost|\[::1\]|www\.w3\.org\/)/.test(line),
    );
    // Built from parts, such as `http://${host}`.
    expect(plain.filter((line) => !/: (http|ws):\/\/$/.test(line))).toEqual([]);
  });
});
