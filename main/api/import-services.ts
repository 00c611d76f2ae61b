import { createHash } from 'node:crypto';
import { AppError, type Output } from '../../shared/contract/index.ts';
import type { ApplyArgs } from '../imports/apply.ts';
import type { PreviewAnswer, PreviewArgs } from '../imports/preview.ts';
import type { Clock } from '../ports/clock.ts';
import type { Services } from './handler.ts';

export interface ImportServiceParts {
  readonly read: <R>(name: string, input: unknown) => Promise<R>;
  readonly newId: () => string;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

const MAX_BYTES = 20_000_000;
/** A preview is kept until it is imported, but not for long and not many of them: the file can always be read again. */
const KEEP_MS = 30 * 60_000;
const KEEP_PREVIEWS = 8;
const KEEP_BYTES = 3 * MAX_BYTES;

interface Kept extends PreviewArgs {
  readonly actorId: string;
  readonly fingerprint: string;
  readonly until: number;
}

/** The last few previewed files, by preview id; older ones make room, and each is for the person who made it. */
function createPreviewStore({ newId, clock }: Pick<ImportServiceParts, 'newId' | 'clock'>) {
  const kept = new Map<string, Kept>();
  const bytesKept = (): number => [...kept.values()].reduce((total, preview) => total + preview.bytes.byteLength, 0);
  function forgetOld(): void {
    for (const [id, preview] of kept) if (preview.until <= clock.monotonicMs()) kept.delete(id);
    for (const [oldest] of kept) {
      if (kept.size <= KEEP_PREVIEWS && bytesKept() <= KEEP_BYTES) return;
      kept.delete(oldest);
    }
  }
  return {
    keep(preview: Omit<Kept, 'until'>): string {
      const id = newId();
      kept.set(id, { ...preview, until: clock.monotonicMs() + KEEP_MS });
      forgetOld();
      return id;
    },
    find(id: string, actorId: string): Kept {
      forgetOld();
      const preview = kept.get(id);
      if (preview?.actorId !== actorId)
        throw new AppError('not_found', 'This preview is no longer kept. Choose the file again to preview it once more.');
      return preview;
    },
    forget: (id: string): void => void kept.delete(id),
  };
}

function decode(content: string): Uint8Array {
  const bytes = Buffer.from(content, 'base64');
  if (bytes.byteLength > MAX_BYTES)
    throw new AppError(
      'too_large',
      'The file is larger than 20 MB. Ask the custodian for a shorter period, or for one account at a time.',
    );
  // A copy, because a small Buffer is a window into memory that others use too.
  return new Uint8Array(bytes);
}

/**
 * Previews custodian files and imports exactly the bytes that were previewed. A preview writes nothing: the reader thread
 * compares the file with the book, and the bytes wait here, on the serving thread, for the person's word.
 */
export function createImportServices(parts: ImportServiceParts): Services {
  const previews = createPreviewStore(parts);
  return {
    'imports.preview': async ({ fileName, content }, { actor }) => {
      const bytes = decode(content);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const { preview, fingerprint } = await parts.read<PreviewAnswer>('import/preview', {
        fileName,
        bytes,
        sha256,
      } satisfies PreviewArgs);
      return { ...preview, previewId: previews.keep({ fileName, bytes, sha256, fingerprint, actorId: actor.id }) };
    },
    'imports.apply': async ({ previewId }, { actor, write }) => {
      const { fileName, bytes, sha256, fingerprint } = previews.find(previewId, actor.id);
      const { tolerances } = await parts.read<Output<'settings.get'>>('settings.get', {});
      const applied = await write<Output<'imports.apply'>>('import/apply', {
        fileName,
        bytes,
        sha256,
        fingerprint,
        tolerances,
      } satisfies ApplyArgs);
      previews.forget(previewId);
      return applied;
    },
  };
}
