import type { GridApi } from 'ag-grid-community';
import type { Topic } from '../../shared/contract/index.ts';
import type { GridColumn, GridPage, PageRequest } from './column.ts';
import type { GridStore } from './grid-store.ts';

/** What a screen says about its grid. */
export interface GridDefinition<R, C extends string, P extends GridPage<R> = GridPage<R>> {
  /** Unique; column layout and filters are remembered under it. */
  readonly id: string;
  readonly columns: readonly GridColumn<R, C>[];
  /** Asks the contract for a window of rows. Rejects as the client does. */
  readonly fetchPage: (request: PageRequest<C>, signal: AbortSignal) => Promise<P>;
  readonly rowId: (row: R) => string;
  /** Changes that make the rows out of date. */
  readonly topics: readonly Topic[];
  /** What a row is, singular and plural: `position`, `positions`. */
  readonly noun: readonly [string, string];
  /** Anything else the rows depend on, such as the run they belong to; another value asks anew. */
  readonly scope?: string;
  /** Called with every answered page, for totals that come along. */
  readonly onPage?: (page: P) => void;
  /** Columns filters may name beside those shown, such as ids that links use, with what a chip calls them. */
  readonly linkColumns?: Readonly<Partial<Record<C, string>>>;
}

/** The grid of one screen: its definition, its state, and commands for the rows on screen. */
export interface GridHandle<R, C extends string> {
  readonly definition: GridDefinition<R, C>;
  readonly store: GridStore<R>;
  /** Set while the grid is on screen. */
  readonly view: { api: GridApi<R> | null };
  /** Asks for the rows on screen again, in place. */
  readonly refresh: () => void;
  /** Moves the cursor by rows, as after a decision; false at the end. */
  readonly move: (by: number) => boolean;
  /** Puts the focus into the rows. */
  readonly focus: () => void;
}
