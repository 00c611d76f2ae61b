import { FileCheck2, Info, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { IMPORT_ROW_STATES, type ImportPreview } from '../../../shared/contract/imports.ts';
import { useCommand } from '../../api/use-command.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { Progress } from '../../components/progress.tsx';
import { FailureNote, StateView } from '../../components/state-view.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import { DataGrid } from '../../grid/data-grid.tsx';
import type { GridHandle } from '../../grid/grid-handle.ts';
import { setColumnFilters } from '../../grid/grid-store.ts';
import { GridToolbar, SelectionBar } from '../../grid/grid-toolbar.tsx';
import { useCopy } from '../../grid/use-copy.ts';
import { useGrid } from '../../grid/use-grid.ts';
import { useGridStatus } from '../../grid/use-grid-status.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import type { ImportSession } from './import-session.ts';
import { localPage } from '../../grid/local-page.ts';
import {
  PREVIEW_GRID,
  ROW_STATE_ICON,
  ROW_STATE_NAME,
  ROW_STATE_TONE,
  type PreviewColumn,
  type PreviewLine,
  type RowState,
} from './preview-columns.tsx';
import { Statements } from './statements.tsx';

const NOUN = ['row', 'rows'] as const;
const NO_TOTALS: readonly never[] = [];

const StateFilters = ({
  counts,
  grid,
}: {
  readonly counts: ImportPreview['counts'];
  readonly grid: GridHandle<PreviewLine, PreviewColumn>;
}) => {
  const filters = useStore(grid.store, (state) => state.filters);
  const chosen = filters.filter((filter) => filter.column === 'state').flatMap((filter) => filter.value);
  const toggle = (state: RowState): void => {
    const next = chosen.includes(state) ? chosen.filter((other) => other !== state) : [...chosen, state];
    setColumnFilters(grid.store, 'state', next.length === 0 ? [] : [{ column: 'state', operator: 'in', value: next }]);
  };
  return (
    <div className="row-states" role="group" aria-label="Rows by state">
      {IMPORT_ROW_STATES.map((state) => (
        <button
          key={state}
          type="button"
          className={`row-state badge--${ROW_STATE_TONE[state]}`}
          aria-pressed={chosen.includes(state)}
          onClick={() => toggle(state)}
        >
          {ROW_STATE_ICON[state]}
          {ROW_STATE_NAME[state]}
          <span className="row-state__count">{formatCount(counts[state])}</span>
        </button>
      ))}
    </div>
  );
};

const Notices = ({ preview }: { readonly preview: ImportPreview }) => {
  const wrong = preview.statements.flatMap((statement) => statement.checks).filter((check) => !check.agrees).length;
  return (
    <>
      {preview.alreadyImported ? (
        <p className="notice notice--wait">
          <Info size={14} aria-hidden /> This exact file is in the book already. Importing it again would change nothing, so there
          is nothing to do.
        </p>
      ) : null}
      {wrong === 0 ? null : (
        <p className="notice notice--bad">
          <TriangleAlert size={14} aria-hidden /> {counted(wrong, 'total')} of the custodian {wrong === 1 ? 'does' : 'do'} not
          agree with the sum of the rows. The file may be incomplete; look at it before you import.
        </p>
      )}
      {preview.warnings.length === 0 ? null : (
        <details className="notice notice--plain">
          <summary>{counted(preview.warnings.length, 'remark')} about the file</summary>
          <ul>
            {preview.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
};

const OUTCOME: Readonly<Record<RowState, string>> = {
  new: 'new',
  changed: 'changed',
  unchanged: 'as they are',
  rejected: 'left out because they cannot be read',
};

/** `4 new, 36 changed, 8 left out because they cannot be read.` Nothing is said about what there is none of. */
const whatHappens = (counts: ImportPreview['counts']): string =>
  `${IMPORT_ROW_STATES.filter((state) => counts[state] > 0)
    .map((state) => `${formatCount(counts[state])} ${OUTCOME[state]}`)
    .join(', ')}.`;

/** What importing the file would do, row by row, before anything is written. */
export const Preview = ({ preview, session }: { readonly preview: ImportPreview; readonly session: ImportSession }) => {
  const { connectivity } = useRuntime();
  const may = useMay('analyst');
  const online = useStore(connectivity.store, (state) => state.online);
  const apply = useCommand('imports.apply');
  const lines = useMemo(() => preview.rows.map((row, index): PreviewLine => ({ ...row, id: String(index) })), [preview]);
  const grid = useGrid<PreviewLine, PreviewColumn>({
    id: 'import-rows',
    columns: PREVIEW_GRID,
    topics: [],
    noun: NOUN,
    scope: preview.previewId,
    fetchPage: (request) => Promise.resolve(localPage(lines, PREVIEW_GRID, request)),
    rowId: (row) => row.id,
  });
  useGridStatus(grid, NO_TOTALS);
  const copy = useCopy(grid);
  const writes = preview.counts.new + preview.counts.changed;
  const ready = may && online && writes > 0 && !preview.alreadyImported;

  const run = async (): Promise<void> => {
    if (!ready || apply.running) return;
    const result = await apply.run({ previewId: preview.previewId });
    if (result.ok) session.imported(result.value);
  };
  useShortcuts([{ keys: 'mod+enter', label: 'Import the file', group: 'Import', run: () => void run() }]);
  const outdated = apply.failure?.code === 'conflict_changed' || apply.failure?.code === 'not_found';

  return (
    <div className="import-preview">
      <header className="import-preview__head">
        <FileCheck2 size={18} strokeWidth={1.75} aria-hidden />
        <div>
          <h2>{preview.fileName}</h2>
          <p className="secondary">
            {preview.format}, {counted(preview.statements.length, 'statement')}. Nothing is written yet.
          </p>
        </div>
      </header>
      <Notices preview={preview} />
      <Statements statements={preview.statements} />
      <GridToolbar grid={grid} searchLabel="Search rows" start={<StateFilters counts={preview.counts} grid={grid} />} />
      <DataGrid
        grid={grid}
        label="Rows of the file"
        onOpen={() => undefined}
        empty={<StateView title="The file has no rows">It states its accounts and nothing in them.</StateView>}
      />
      <SelectionBar grid={grid}>
        <Button onPress={copy}>Copy rows</Button>
      </SelectionBar>
      <footer className="import-preview__foot">
        <FailureNote failure={apply.failure} />
        <p className="secondary">
          {preview.alreadyImported || writes === 0
            ? 'Every row of this file is in the book already.'
            : whatHappens(preview.counts)}
        </p>
        <span className="import-preview__actions">
          {apply.running ? <Progress label="Importing" done={0} total={null} /> : null}
          <Button onPress={session.letGo} disabled={apply.running}>
            Cancel
          </Button>
          {outdated ? (
            <Button look="primary" onPress={() => void session.takeAgain()}>
              Look at it again
            </Button>
          ) : (
            <Button look="primary" onPress={() => void run()} pending={apply.running} disabled={!ready}>
              {`Import ${counted(writes, 'row')}`}
            </Button>
          )}
        </span>
      </footer>
    </div>
  );
};
