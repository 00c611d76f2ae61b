import { writeFileSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAuditAnchors } from '../../main/api/audit-anchors.ts';
import { createLineFile } from '../../main/ports/line-file.ts';
import type { AuditAnchor } from '../../main/store/audit.ts';
import { tempFolder } from '../support/temp-folder.ts';

const NOW = '2026-11-20T09:00:00.000Z';
const hash = (digit: string): string => digit.repeat(64);

function rig(path = join(tempFolder(), 'notes', 'audit-anchors.jsonl')) {
  let head: Omit<AuditAnchor, 'at'> | null = null;
  let asked: unknown = null;
  let wake = (): void => undefined;
  const failures: unknown[] = [];
  const anchors = createAuditAnchors({
    file: createLineFile(path),
    read: (name, input) => {
      asked = input;
      return Promise.resolve(
        (name === 'audit/head' ? head : { entries: head?.seq ?? 0, firstBad: null, problem: null }) as never,
      );
    },
    clock: {
      now: () => NOW as never,
      sleep: (_ms, signal) =>
        new Promise((resolve, reject) => {
          wake = resolve;
          signal?.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    },
    log: { error: (_message, details) => void failures.push(details['error']) },
  });
  return {
    anchors,
    path,
    failures,
    moveTo: (seq: number, digit: string) => (head = { seq, hash: hash(digit) }),
    wake: () => wake(),
    asked: () => asked,
  };
}

const linesOf = async (path: string): Promise<unknown[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

test('the head is noted at the start and at the end, and not again while it stands', async () => {
  const { anchors, path, moveTo, wake } = rig();
  moveTo(3, 'a');
  anchors.start();
  await expect.poll(() => linesOf(path).catch(() => [])).toEqual([{ seq: 3, hash: hash('a'), at: NOW }]);
  wake();
  moveTo(7, 'b');
  await anchors.stop();
  expect(await linesOf(path)).toEqual([
    { seq: 3, hash: hash('a'), at: NOW },
    { seq: 7, hash: hash('b'), at: NOW },
  ]);
});

test('a line that a death cut short is passed over, and the next note begins a line of its own', async () => {
  const { anchors, path, moveTo, asked } = rig();
  moveTo(3, 'a');
  await anchors.stop();
  await appendFile(path, '{"seq":4,"ha');
  moveTo(5, 'c');
  await anchors.stop();
  expect(await anchors.verify()).toEqual({ entries: 5, ok: true, firstBad: null, problem: null, anchor: { seq: 5, at: NOW } });
  expect(asked()).toEqual({
    anchors: [
      { seq: 3, hash: hash('a'), at: NOW },
      { seq: 5, hash: hash('c'), at: NOW },
    ],
  });
});

test('a folder that cannot be written to is logged and keeps nobody waiting', async () => {
  const file = join(tempFolder(), 'file');
  writeFileSync(file, '');
  const { anchors, failures, moveTo } = rig(join(file, 'audit-anchors.jsonl'));
  moveTo(3, 'a');
  await anchors.stop();
  expect(failures).toHaveLength(1);
});

test('after a restore the trail goes on from the head of the backup, and what was noted beyond it is no longer expected', async () => {
  const { anchors, moveTo, asked } = rig();
  moveTo(3, 'a');
  await anchors.stop();
  moveTo(9, 'b');
  await anchors.stop();
  moveTo(5, 'c');
  await anchors.restored();
  expect(await anchors.verify()).toMatchObject({ ok: true, anchor: { seq: 5 } });
  expect(asked()).toEqual({
    anchors: [
      { seq: 3, hash: hash('a'), at: NOW },
      { seq: 5, hash: hash('c'), at: NOW },
    ],
  });
});
