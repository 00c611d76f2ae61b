import type { BreakRow } from '../../shared/contract/reconciliation.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import type { WritableDb } from '../store/handles.ts';

/** A break as the comparison found it. */
export interface FoundBreak {
  readonly accountId: number;
  readonly securityId: number | null;
  readonly holdingId: number | null;
  /** Names the thing compared where there is no security of the book: `cash USD`, or a security the side knows alone. */
  readonly thing: string;
  readonly field: BreakRow['field'];
  readonly class: BreakRow['class'];
  readonly sentence: string;
  /** 0 critical to 3 low. */
  readonly severity: number;
  readonly clearway: string | null;
  readonly other: string | null;
  readonly difference: Dec | null;
  readonly impact: Dec | null;
  readonly currency: string;
  readonly fixable: boolean;
}

const UNTIED = 'untied ';

/** The `thing` of a security that is not tied to the book. */
export const untiedSecurity = (externalId: string): string => `${UNTIED}${encodeURIComponent(externalId)}`;

/** The side's own id of the security a break is about, read back from its signature; null when the book knows the security. */
export function untiedSecurityOf(signature: string): string | null {
  const thing = signature.split('|')[2] ?? '';
  return thing.startsWith(UNTIED) ? decodeURIComponent(thing.slice(UNTIED.length)) : null;
}

/**
 * Stores the breaks of one side of a run. A break is recognised from run to run by side, account, thing, field and class,
 * which carries its age; with the same difference as well it is the same disagreement, which carries its acceptance.
 */
export function createBreakWriter(
  db: WritableDb,
  run: { readonly id: number; readonly startedAt: string },
  connectionId: number,
) {
  const hasEarlier = db.prepare('SELECT 1 FROM breaks WHERE run_id <> ? LIMIT 1').get(run.id) !== undefined;
  // '}' is the character after '|': the range holds every signature that starts with the kind.
  const earlier = db
    .prepare('SELECT first_seen FROM breaks WHERE signature >= ? AND signature < ? ORDER BY id DESC LIMIT 1')
    .pluck();
  const decided = db.prepare('SELECT status FROM breaks WHERE signature = ? ORDER BY id DESC LIMIT 1').pluck();
  const insert = db.prepare(
    `INSERT INTO breaks (run_id, connection_id, account_id, security_id, holding_id, field, class, sentence, severity, status, clearway,
       other, difference, impact, currency, fixable, signature, first_seen)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let stored = 0;
  return {
    add(b: FoundBreak): void {
      const kind = `${connectionId}|${b.accountId}|${b.thing}|${b.field}|${b.class}`;
      const signature = `${kind}|${b.difference ?? `${b.clearway ?? ''}>${b.other ?? ''}`}`;
      const firstSeen = hasEarlier
        ? ((earlier.get(`${kind}|`, `${kind}}`) as string | undefined) ?? run.startedAt)
        : run.startedAt;
      const status = hasEarlier && decided.get(signature) === 'accepted' ? 'accepted' : 'open';
      insert.run(
        run.id,
        connectionId,
        b.accountId,
        b.securityId,
        b.holdingId,
        b.field,
        b.class,
        b.sentence,
        b.severity,
        status,
        b.clearway,
        b.other,
        b.difference,
        b.impact,
        b.currency,
        b.fixable ? 1 : 0,
        signature,
        firstSeen,
      );
      stored += 1;
    },
    stored: () => stored,
  };
}

export type BreakWriter = ReturnType<typeof createBreakWriter>;
