import { createStore, type StoreApi } from 'zustand/vanilla';

/** An exact sum as the status bar shows it. */
export interface StatusTotal {
  readonly label: string;
  readonly amount: string;
  readonly currency: string | null;
}

/** What the screen in front tells the status bar. */
export interface Status {
  /** Rows that match, null when the screen has no list. */
  readonly rows: number | null;
  readonly rowWord: string;
  readonly selected: number;
  readonly totals: readonly StatusTotal[];
  /** The exact value under the cursor, or what the keys do here. */
  readonly hint: string;
}
export type StatusStore = StoreApi<Status>;

export const EMPTY_STATUS: Status = { rows: null, rowWord: 'rows', selected: 0, totals: [], hint: '' };

export const createStatusStore = (): StatusStore => createStore<Status>(() => EMPTY_STATUS);
