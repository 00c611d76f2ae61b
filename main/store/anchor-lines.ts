import type { AuditAnchor } from './audit.ts';

/** An anchor as a line of a file. */
export const anchorLine = ({ seq, hash, at }: AuditAnchor): string => JSON.stringify({ seq, hash, at });

const isAnchor = (value: unknown): value is AuditAnchor =>
  typeof value === 'object' &&
  value !== null &&
  Number.isSafeInteger(Reflect.get(value, 'seq')) &&
  /^[\da-f]{64}$/.test(String(Reflect.get(value, 'hash'))) &&
  !Number.isNaN(Date.parse(String(Reflect.get(value, 'at'))));

/** The anchors of a file. A line that is none, because a death cut it short, says nothing and is passed over. */
export const readAnchors = (lines: readonly string[]): AuditAnchor[] =>
  lines.flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isAnchor(value) ? [{ seq: value.seq, hash: value.hash, at: value.at }] : [];
    } catch {
      return [];
    }
  });
