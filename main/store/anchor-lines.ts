import type { AuditAnchor } from './audit.ts';

/** An anchor as a line of a file. `restored`: a backup took the place of the book, and the trail goes on from this entry. */
export const anchorLine = ({ seq, hash, at }: AuditAnchor, restored: boolean): string =>
  JSON.stringify({ seq, hash, at, ...(restored ? { restored } : {}) });

const isAnchor = (value: unknown): value is AuditAnchor =>
  typeof value === 'object' &&
  value !== null &&
  Number.isSafeInteger(Reflect.get(value, 'seq')) &&
  /^[\da-f]{64}$/.test(String(Reflect.get(value, 'hash'))) &&
  !Number.isNaN(Date.parse(String(Reflect.get(value, 'at'))));

/** The anchors of a file. A line that is none, because a death cut it short, says nothing and is passed over; what a restore took back is no longer expected. */
export function readAnchors(lines: readonly string[]): AuditAnchor[] {
  let anchors: AuditAnchor[] = [];
  for (const line of lines) {
    const value = parsed(line);
    if (!isAnchor(value)) continue;
    const { seq, hash, at } = value;
    if (Reflect.get(value, 'restored') === true) anchors = anchors.filter((earlier) => earlier.seq <= seq);
    anchors.push({ seq, hash, at });
  }
  return anchors;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
