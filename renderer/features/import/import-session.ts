import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ImportPreview } from '../../../shared/contract/imports.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { isAborted, toFailure, type Failure } from '../../api/failure.ts';
import type { Runtime } from '../../app/runtime.tsx';
import { toBase64 } from './to-base64.ts';

export const MOST_BYTES = 20 * 1024 * 1024;

export type Imported = Output<'imports.apply'>;

/** Where the file in hand stands. */
export type ImportStage =
  | { readonly stage: 'none' }
  | { readonly stage: 'reading'; readonly fileName: string; readonly share: number }
  | { readonly stage: 'checking'; readonly fileName: string }
  | { readonly stage: 'refused'; readonly fileName: string; readonly failure: Failure }
  | { readonly stage: 'preview'; readonly preview: ImportPreview }
  | { readonly stage: 'imported'; readonly preview: ImportPreview; readonly result: Imported };

/** The file in hand; it outlives the screen, so that a look at a conflict does not lose the preview. */
export interface ImportSession {
  readonly store: StoreApi<ImportStage>;
  /** Reads a file and asks what importing it would do. A second file takes the place of the first. */
  take(file: File): Promise<void>;
  /** Reads the same file again, after the book has changed. */
  takeAgain(): Promise<void>;
  imported(result: Imported): void;
  letGo(): void;
}

const TOO_LARGE: Failure = {
  code: 'too_large',
  message: 'The file is larger than 20 MB. Export a shorter period or fewer accounts, and import the parts.',
  requestId: null,
  details: {},
};
const EMPTY: Failure = {
  code: 'unreadable_file',
  message: 'The file is empty. Download it again from the custodian.',
  requestId: null,
  details: {},
};
const NOT_READ: Failure = {
  code: 'unreadable_file',
  message: 'The file could not be read from this computer. It may have been moved, or it is a folder. Choose it again.',
  requestId: null,
  details: {},
};

const createImportSession = ({ client, connectivity }: Runtime): ImportSession => {
  const store = createStore<ImportStage>(() => ({ stage: 'none' }));
  let working = new AbortController();
  let last: File | null = null;
  const set = (stage: ImportStage): void => store.setState(stage, true);

  const take = async (file: File): Promise<void> => {
    working.abort();
    const mine = new AbortController();
    working = mine;
    last = file;
    const fileName = file.name.slice(0, 200);
    const refuse = (failure: Failure): void => set({ stage: 'refused', fileName, failure });
    if (file.size > MOST_BYTES) return refuse(TOO_LARGE);
    if (file.size === 0) return refuse(EMPTY);
    set({ stage: 'reading', fileName, share: 0 });
    let content: string;
    try {
      content = await toBase64(
        file,
        (share) => (mine.signal.aborted ? undefined : set({ stage: 'reading', fileName, share })),
        mine.signal,
      );
    } catch {
      if (!mine.signal.aborted) refuse(NOT_READ);
      return;
    }
    set({ stage: 'checking', fileName });
    try {
      const preview = await client.call('imports.preview', { fileName, content }, mine.signal);
      if (!mine.signal.aborted) set({ stage: 'preview', preview });
    } catch (error) {
      if (mine.signal.aborted || isAborted(error)) return;
      const failure = toFailure(error);
      connectivity.report(failure.code !== 'offline');
      refuse(failure);
    }
  };

  return {
    store,
    take,
    takeAgain: () => (last === null ? Promise.resolve() : take(last)),
    imported: (result) => {
      const now = store.getState();
      if (now.stage === 'preview') set({ stage: 'imported', preview: now.preview, result });
      last = null;
    },
    letGo: () => {
      working.abort();
      last = null;
      set({ stage: 'none' });
    },
  };
};

const sessions = new WeakMap<Runtime, ImportSession>();

/** The session of a window, made when first asked for. */
export const importSession = (runtime: Runtime): ImportSession => {
  const known = sessions.get(runtime);
  if (known) return known;
  const made = createImportSession(runtime);
  sessions.set(runtime, made);
  return made;
};
