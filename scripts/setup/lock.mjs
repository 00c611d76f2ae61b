import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { say } from './progress.mjs';

const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const code = (/** @type {unknown} */ error) => /** @type {NodeJS.ErrnoException} */ (error).code;

/** @param {string} file @returns {boolean} whether the process that wrote the lock is gone */
function isAbandoned(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // The file is made and filled in two steps; an empty one is abandoned only when it stays empty.
    if (!Number.isInteger(pid) || pid <= 0) return Date.now() - statSync(file).mtimeMs > 5_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return code(error) === 'ESRCH';
  }
}

/** @param {string} file @returns {boolean} */
function tryTake(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (code(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Takes the lock of a dead holder. @param {string} file @returns {Promise<boolean>} */
async function tryTakeOver(file) {
  rmSync(file, { force: true });
  if (!tryTake(file)) return false;
  // Another process may have judged the same dead holder and removed the lock that was just made here.
  await sleep(100);
  return existsSync(file) && readFileSync(file, 'utf8') === String(process.pid);
}

/**
 * Runs `work` while no other process on this machine holds the same lock file. Waits for a live holder, takes over from
 * a dead one.
 * @template T @param {string} file @param {() => Promise<T>} work @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  for (let waits = 0; !tryTake(file); waits++) {
    if (isAbandoned(file) && (await tryTakeOver(file))) break;
    if (waits === 10) say('Another command is setting the project up. Waiting for it to finish.');
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
