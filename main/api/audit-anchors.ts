import type { Output } from '../../shared/contract/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { LineFile } from '../ports/line-file.ts';
import { anchorLine, readAnchors } from '../store/anchor-lines.ts';
import type { AuditAnchor, AuditVerdict } from '../store/audit.ts';
import type { Services } from './handler.ts';

export interface AuditAnchorsParts {
  /** Null: the head is noted nowhere. */
  readonly file: LineFile | null;
  readonly read: <R>(name: string, input: unknown) => Promise<R>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface AuditAnchors {
  /** Notes the head now and then every hour in which it moved, until stopped. */
  start(): void;
  /** Notes it once more. */
  stop(): Promise<void>;
  /** A backup took the place of the book: notes that the trail goes on from its head. */
  restored(): Promise<void>;
  /** Checks the trail, and against what was noted. Rejects when the notes cannot be read. */
  verify(): Promise<Output<'audit.verify'>>;
}

const HOUR_MS = 60 * 60_000;

/**
 * Notes the head of the audit trail in a file outside the book. Somebody who writes the whole chain anew, or cuts its end off,
 * leaves a sound chain; he would have to change the notes too, which is why their folder may be one he cannot write to.
 */
export function createAuditAnchors({ file, read, clock, log }: AuditAnchorsParts): AuditAnchors {
  let stopping = new AbortController();
  let watching: Promise<void> = Promise.resolve();
  let noted: number | null = null;

  async function note(restored: boolean): Promise<void> {
    const head = await read<Omit<AuditAnchor, 'at'> | null>('audit/head', {});
    if (head === null || file === null || (head.seq === noted && !restored)) return;
    await file.append(anchorLine({ ...head, at: clock.now() }, restored));
    noted = head.seq;
  }
  const tryToNote = (restored = false): Promise<void> =>
    note(restored).catch((error: unknown) =>
      log.error('the head of the audit trail could not be noted outside the book', { error }),
    );

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await tryToNote();
      await clock.sleep(HOUR_MS, stopping.signal).catch(() => undefined);
    }
  }

  return {
    start: () => {
      stopping = new AbortController();
      watching = watch();
    },
    restored: () => tryToNote(true),
    async stop() {
      stopping.abort();
      await watching;
      await tryToNote();
    },
    async verify() {
      const anchors = readAnchors((await file?.lines()) ?? []);
      const { entries, firstBad, problem } = await read<AuditVerdict>('audit/verify', { anchors });
      const held = anchors.filter(({ seq }) => seq <= entries && (firstBad === null || seq < firstBad)).at(-1);
      return {
        entries,
        ok: firstBad === null,
        firstBad,
        problem,
        anchor: held ? { seq: held.seq, at: held.at as NonNullable<Output<'audit.verify'>['anchor']>['at'] } : null,
      };
    },
  };
}

/** The procedure that checks the trail. */
export const createAuditServices = (anchors: Pick<AuditAnchors, 'verify'>) =>
  ({ 'audit.verify': () => anchors.verify() }) satisfies Services;
