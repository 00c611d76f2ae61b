import type { ConflictRow } from '../../../shared/contract/conflicts.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Segmented } from '../../components/field.tsx';
import { formatCount } from '../../format/amount.ts';
import type { GridHandle } from '../../grid/grid-handle.ts';
import { setColumnFilters } from '../../grid/grid-store.ts';
import type { ConflictGridColumn } from './columns.tsx';
import { useViewCounts } from './conflict-facets.tsx';
import { VIEW_NAME, VIEWS, type View } from './views.ts';

/** Undecided, settled, healed or all, each with its count. */
export const ViewTabs = ({
  view,
  grid,
  onChange,
}: {
  readonly view: View;
  readonly grid: GridHandle<ConflictRow, ConflictGridColumn>;
  readonly onChange: () => void;
}) => {
  const { router } = useRuntime();
  const counts = useViewCounts({ grid });
  const change = (next: View): void => {
    onChange();
    setColumnFilters(grid.store, 'status', []);
    router.set({ show: next === 'undecided' ? null : next });
  };
  return (
    <Segmented
      label="Which conflicts"
      value={view}
      options={VIEWS.map((value) => ({
        value,
        label: counts === undefined ? VIEW_NAME[value] : `${VIEW_NAME[value]} ${formatCount(counts[value])}`,
      }))}
      onChange={change}
    />
  );
};
