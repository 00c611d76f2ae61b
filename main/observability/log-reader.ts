import { readFileSync, statSync } from 'node:fs';
import { LOG_LEVELS } from '../../shared/contract/logs.ts';
import { logFiles } from './log-folder.ts';
import { parseLine, type LogLine } from './log-line.ts';
import type { LogLevel } from './logger.ts';

export interface LogQuestion {
  /** The least level shown. */
  readonly level: LogLevel;
  /** Bounds in UTC, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly operation?: string | undefined;
  readonly request?: string | undefined;
  readonly user?: string | undefined;
  /** Words that must all stand somewhere in the line, whatever their case. */
  readonly text: string;
  /** Id of a line: only older ones are answered. */
  readonly before?: string | undefined;
  readonly limit: number;
}

export interface LogAnswer {
  readonly items: readonly LogLine[];
  /** Pass as `before` to go on; null when there are no older lines that fit. */
  readonly next: string | null;
}

const NEWLINE = 10;

const placeOf = (id: string | undefined): { number: number; offset: number } => {
  const [number, offset] = (id ?? '').split('-').map(Number);
  return Number.isInteger(number) && Number.isInteger(offset) && number !== undefined && offset !== undefined
    ? { number, offset }
    : { number: Infinity, offset: Infinity };
};

/** Complete lines of a file that begin before `end`, last first, each with the byte it begins at. */
function* linesBackwards(bytes: Buffer, end: number): Generator<{ readonly offset: number; readonly text: string }> {
  let stop = Math.min(bytes.length, end);
  // What follows the last line end was cut short.
  if (end > bytes.length) stop = bytes.lastIndexOf(NEWLINE) + 1;
  while (stop > 0) {
    const start = stop === 1 ? 0 : bytes.lastIndexOf(NEWLINE, stop - 2) + 1;
    if (stop - 1 > start) yield { offset: start, text: bytes.toString('utf8', start, stop - 1) };
    stop = start;
  }
}

function createFilter(question: LogQuestion): (text: string) => boolean {
  const unwanted = LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(question.level)).map((level) => `{"level":"${level}"`);
  const words = question.text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => JSON.stringify(word).slice(1, -1));
  // Told from the text alone, since reading the JSON of lines that are left out is most of the work.
  return (text) => {
    if (unwanted.some((start) => text.startsWith(start))) return false;
    if (words.length === 0) return true;
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}

const fits = (line: LogLine, { level, from, to, operation, request, user }: LogQuestion): boolean =>
  LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level) &&
  (from === undefined || line.at >= from) &&
  (to === undefined || line.at <= to) &&
  (operation === undefined || line.operationId === operation) &&
  (request === undefined || line.requestId === request) &&
  (user === undefined || line.userId === user);

/** Lines that fit, newest first. Reads files in place and blocks while it does: for a thread that serves nobody else. */
export function readLog(folder: string, question: LogQuestion): LogAnswer {
  const before = placeOf(question.before);
  const mayFit = createFilter(question);
  const items: LogLine[] = [];
  for (const { number, path } of logFiles(folder).toReversed()) {
    if (number > before.number) continue;
    // Nothing was written to it after that moment.
    if (question.from !== undefined && (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < Date.parse(question.from))
      continue;
    const end = number === before.number ? before.offset : Infinity;
    for (const { offset, text } of linesBackwards(readFileSync(path), end)) {
      if (!mayFit(text)) continue;
      const line = parseLine(`${number}-${offset}`, text);
      if (line === null || !fits(line, question)) continue;
      if (items.length === question.limit) return { items, next: items.at(-1)?.id ?? null };
      items.push(line);
    }
  }
  return { items, next: null };
}

/** The newest lines as they stand in the files, oldest first, `maxBytes` at most. Blocks like `readLog`. */
export function lastLines(folder: string, maxBytes: number): string {
  const lines: string[] = [];
  let size = 0;
  for (const { path } of logFiles(folder).toReversed())
    for (const { text } of linesBackwards(readFileSync(path), Infinity)) {
      size += Buffer.byteLength(text) + 1;
      if (size > maxBytes) return lines.toReversed().join('');
      lines.push(`${text}\n`);
    }
  return lines.toReversed().join('');
}
