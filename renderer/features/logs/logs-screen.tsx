import { Lock, RefreshCw, ScrollText } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Breadcrumb } from '../../components/breadcrumb.tsx';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Split } from '../../components/split.tsx';
import { FailureView, FilteredEmpty, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { ColumnsButton } from '../../grid/columns-button.tsx';
import { DataGrid } from '../../grid/data-grid.tsx';
import { SelectionBar } from '../../grid/grid-toolbar.tsx';
import { localPage } from '../../grid/local-page.ts';
import { useCopy } from '../../grid/use-copy.ts';
import { useGrid } from '../../grid/use-grid.ts';
import { useGridStatus } from '../../grid/use-grid-status.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { usePlace } from '../../router/use-place.ts';
import { LOG_GRID, type LogColumn } from './columns.tsx';
import { LogDetail } from './log-detail.tsx';
import { LogFilters } from './log-filters.tsx';
import { questionOf, type LogQuestion } from './question.ts';
import { useLogLines, type LogLine } from './use-log-lines.ts';
import './logs.css';

const NOUN = ['line', 'lines'] as const;
const NO_LINES: readonly LogLine[] = [];
const NO_TOTALS: readonly never[] = [];

const Log = ({ question, id }: { readonly question: LogQuestion; readonly id: string | null }) => {
  const { router } = useRuntime();
  const log = useLogLines(question);
  const slow = useSlow(log.lines === null && log.failure === null);
  const lines = log.lines ?? NO_LINES;
  const open = useMemo(() => lines.find((line) => line.id === id), [lines, id]);
  // The grid keeps asking the one that answered first: it is told of lines that came since.
  const shown = useRef(lines);
  shown.current = lines;
  const grid = useGrid<LogLine, LogColumn>({
    id: 'logs',
    columns: LOG_GRID,
    topics: [],
    noun: NOUN,
    scope: String(log.asked),
    fetchPage: (request) => Promise.resolve(localPage(shown.current, LOG_GRID, request)),
    rowId: (line) => line.id,
  });
  useGridStatus(grid, NO_TOTALS);
  const copy = useCopy(grid);
  // Older lines stand below those that are there, which stay where they are.
  useEffect(() => grid.refresh(), [grid, lines.length]);
  useShortcuts([{ keys: 'shift+r', label: 'Refresh the log', group: 'This screen', run: log.refresh }]);
  return (
    <Split
      id="logs"
      width={480}
      pane={open === undefined ? null : <LogDetail key={open.id} line={open} />}
      paneLabel="Line of the log"
      hint="Choose a line to see all it says."
      onClose={() => router.set({ id: null })}
    >
      <div className="grid-toolbar">
        <LogFilters question={question} />
        <span className="grid-toolbar__end">
          <Button icon={<RefreshCw size={14} aria-hidden />} onPress={log.refresh} pending={log.loading}>
            Refresh
          </Button>
          <ColumnsButton grid={grid} />
        </span>
      </div>
      {log.failure === null ? null : <FailureView failure={log.failure} onRetry={log.refresh} inline={log.lines !== null} />}
      {log.lines === null && slow ? <Skeleton lines={12} /> : null}
      {log.lines === null ? null : (
        <DataGrid
          grid={grid}
          label="Log, newest first"
          onOpen={(line) => router.set({ id: line.id }, { replace: id !== null })}
          empty={<FilteredEmpty what="lines" onClear={() => router.go('/settings/logs?level=debug', { replace: true })} />}
        />
      )}
      <SelectionBar grid={grid}>
        <Button onPress={copy}>Copy lines</Button>
      </SelectionBar>
      {log.more ? (
        <p className="log__more">
          <Button onPress={log.older}>{log.loading ? 'Reading older lines' : 'Show older lines'}</Button>
        </p>
      ) : null}
    </Split>
  );
};

const Logs = () => {
  const may = useMay('admin');
  const { search } = usePlace();
  return (
    <Page
      title="Logs"
      fill
      detail={<Breadcrumb label="Where this is" crumbs={[{ label: 'Settings', to: '/settings' }, { label: 'Logs' }]} />}
    >
      {may ? (
        <Log question={questionOf(search)} id={search.get('id')} />
      ) : (
        <StateView icon={<Lock size={20} aria-hidden />} title="Only an admin can read the log">
          It says what the program did, for whom and when. Ask an admin to look something up.
        </StateView>
      )}
    </Page>
  );
};

export const logsScreen: Screen = {
  id: 'logs',
  path: '/settings/logs',
  title: 'Logs',
  icon: ScrollText,
  under: '/settings',
  component: Logs,
};
