import { ArrowDown, ArrowUp, Columns3, Minus, Plus } from 'lucide-react';
import { useReducer } from 'react';
import { useRuntime } from '../app/runtime.tsx';
import { Button, IconButton } from '../components/button.tsx';
import { Checkbox } from '../components/field.tsx';
import { PopoverButton } from '../components/popover-button.tsx';
import type { GridHandle } from './grid-handle.ts';

const STEP = 24;

const ColumnList = <R, C extends string>({ grid }: { readonly grid: GridHandle<R, C> }) => {
  const { memory } = useRuntime();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const { api } = grid.view;
  if (!api) return null;
  const change = (run: () => void): void => {
    run();
    redraw();
  };
  const columns = api
    .getAllGridColumns()
    .filter((column) => grid.definition.columns.some((known) => known.id === column.getColId()));
  const offset = api.getAllGridColumns().length - columns.length;
  const reset = (): void => {
    memory.write(`grid.${grid.definition.id}`, null);
    api.resetColumnState();
  };
  return (
    <>
      <ul className="column-list">
        {columns.map((column, index) => {
          const name = column.getColDef().headerName ?? column.getColId();
          return (
            <li key={column.getColId()} className="column-list__row">
              <Checkbox
                checked={column.isVisible()}
                onChange={(visible) => change(() => api.setColumnsVisible([column], visible))}
              >
                {name}
              </Checkbox>
              <span className="column-list__moves">
                <IconButton
                  label={`${name}: narrower`}
                  onPress={() => change(() => api.setColumnWidths([{ key: column, newWidth: column.getActualWidth() - STEP }]))}
                >
                  <Minus size={14} aria-hidden />
                </IconButton>
                <IconButton
                  label={`${name}: wider`}
                  onPress={() => change(() => api.setColumnWidths([{ key: column, newWidth: column.getActualWidth() + STEP }]))}
                >
                  <Plus size={14} aria-hidden />
                </IconButton>
                <IconButton
                  label={`${name}: earlier`}
                  disabled={index === 0}
                  onPress={() => change(() => api.moveColumns([column], offset + index - 1))}
                >
                  <ArrowUp size={14} aria-hidden />
                </IconButton>
                <IconButton
                  label={`${name}: later`}
                  disabled={index === columns.length - 1}
                  onPress={() => change(() => api.moveColumns([column], offset + index + 1))}
                >
                  <ArrowDown size={14} aria-hidden />
                </IconButton>
              </span>
            </li>
          );
        })}
      </ul>
      <Button onPress={() => change(reset)}>Reset columns</Button>
    </>
  );
};

/** Shows, hides, orders and sizes columns without dragging. */
export const ColumnsButton = <R, C extends string>({ grid }: { readonly grid: GridHandle<R, C> }) => (
  <PopoverButton
    label="Columns"
    button={
      <IconButton label="Columns">
        <Columns3 size={16} aria-hidden />
      </IconButton>
    }
  >
    {() => <ColumnList grid={grid} />}
  </PopoverButton>
);
