import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runPassedThrough } from '../../scripts/setup/passed-through.mjs';
import { tempFolder } from '../support/temp-folder.ts';

const PASSED_THROUGH = pathToFileURL('scripts/setup/passed-through.mjs').href;

/** Runs a parent that passes a child through, and collects what comes out of the parent. */
function parentOf(childSource: string, sendOnReady?: NodeJS.Signals) {
  const script = `import { runPassedThrough } from ${JSON.stringify(PASSED_THROUGH)};
    process.exitCode = await runPassedThrough(process.execPath, ['-e', ${JSON.stringify(childSource)}], {});`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  parent.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (sendOnReady && out.includes('ready')) parent.kill(sendOnReady);
  });
  return new Promise<{ code: number | null; out: string }>((resolve) => parent.on('close', (code) => resolve({ code, out })));
}

describe('runPassedThrough', () => {
  it('leaves standard output to the child, byte for byte, and takes its exit code', async () => {
    expect(await parentOf(`process.stdout.write('{"url":"x"}\\n'); process.exitCode = 7;`)).toEqual({
      code: 7,
      out: '{"url":"x"}\n',
    });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on and waits for an orderly end', async (signal) => {
    const child = `process.on('${signal}', () => { console.log('closed by ${signal}'); process.exit(0); }); setInterval(() => 1, 1000); console.log('ready');`;
    expect(await parentOf(child, signal)).toEqual({ code: 0, out: `ready\nclosed by ${signal}\n` });
  });

  it('reports a child that a signal ended as 128 plus its number: SIGKILL is 9', async () => {
    expect(await runPassedThrough(process.execPath, ['-e', "process.kill(process.pid, 'SIGKILL')"], {})).toBe(137);
  });
});

describe('scripts/run.mjs', () => {
  it('runs a TypeScript file on Node 24 or newer and writes nothing to standard output itself', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'x'));
    const file = join(folder, 'x/program.ts');
    writeFileSync(
      file,
      'const major: number = Number(process.versions.node.split(".")[0]);\nconsole.log(major >= 24, ...process.argv.slice(2));\n',
    );
    const child = spawn(process.execPath, ['scripts/run.mjs', file, '--a', 'b c'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, out }).toEqual({ code: 0, out: 'true --a b c\n' });
  });
});
