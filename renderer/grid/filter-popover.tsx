import { useState, type FormEvent } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import { Button } from '../components/button.tsx';
import { Checkbox, Segmented, TextField } from '../components/field.tsx';
import type { GridColumn } from './column.ts';
import { draftOf, EMPTY_DRAFT, filtersOfDraft, type DraftErrors, type FilterDraft } from './filter-draft.ts';
import type { GridHandle } from './grid-handle.ts';
import { setColumnFilters } from './grid-store.ts';

const Choices = ({
  column,
  draft,
  change,
}: {
  readonly column: GridColumn<never>;
  readonly draft: FilterDraft;
  readonly change: (draft: FilterDraft) => void;
}) => (
  <fieldset className="filter__choices">
    <legend className="visually-hidden">{column.header}</legend>
    {(column.choices ?? []).map((choice) => (
      <Checkbox
        key={choice.value}
        checked={draft.chosen.includes(choice.value)}
        onChange={(checked) =>
          change({
            ...draft,
            chosen: checked ? [...draft.chosen, choice.value] : draft.chosen.filter((value) => value !== choice.value),
          })
        }
      >
        {choice.label}
      </Checkbox>
    ))}
  </fieldset>
);

const Fields = ({
  column,
  draft,
  errors,
  change,
}: {
  readonly column: GridColumn<never>;
  readonly draft: FilterDraft;
  readonly errors: DraftErrors;
  readonly change: (draft: FilterDraft) => void;
}) => {
  if (column.kind === 'choice') return <Choices column={column} draft={draft} change={change} />;
  if (column.kind === 'text' || column.kind === 'identifier') {
    return (
      <>
        <Segmented
          label="How to compare"
          value={draft.exact ? 'is' : 'contains'}
          options={[
            { value: 'contains', label: 'Contains' },
            { value: 'is', label: 'Is exactly' },
          ]}
          onChange={(value) => change({ ...draft, exact: value === 'is' })}
        />
        <TextField label="Text" value={draft.text} onChange={(text) => change({ ...draft, text })} required autoFocus />
      </>
    );
  }
  const isDate = column.kind === 'date' || column.kind === 'instant';
  return (
    <div className="filter__range">
      <TextField
        label={isDate ? 'From' : 'At least'}
        value={draft.from}
        error={errors.from}
        onChange={(from) => change({ ...draft, from })}
        inputMode={isDate ? 'text' : 'decimal'}
        required
        autoFocus
      />
      <TextField
        label={isDate ? 'To' : 'At most'}
        value={draft.to}
        error={errors.to}
        onChange={(to) => change({ ...draft, to })}
        inputMode={isDate ? 'text' : 'decimal'}
        required
      />
    </div>
  );
};

const FilterForm = <R, C extends string>({
  grid,
  column,
  close,
}: {
  readonly grid: GridHandle<R, C>;
  readonly column: GridColumn<R>;
  readonly close: () => void;
}) => {
  const [draft, setDraft] = useState(() =>
    draftOf(grid.store.getState().filters.filter((filter) => filter.column === column.id)),
  );
  const [errors, setErrors] = useState<DraftErrors>({});
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    const result = filtersOfDraft(column.id, column.kind, draft);
    setErrors(result.errors);
    if (result.errors.from !== undefined || result.errors.to !== undefined) return;
    setColumnFilters(grid.store, column.id, result.filters);
    close();
  };
  const clear = (): void => {
    setDraft(EMPTY_DRAFT);
    setColumnFilters(grid.store, column.id, []);
    close();
  };
  return (
    <form className="filter" onSubmit={apply}>
      <h3>{column.header}</h3>
      <Fields column={column} draft={draft} errors={errors} change={setDraft} />
      {column.kind === 'choice' ? null : (
        <Segmented
          label="Empty values"
          value={draft.presence}
          options={[
            { value: 'any', label: 'Any' },
            { value: 'blank', label: 'Only empty' },
            { value: 'notBlank', label: 'Not empty' },
          ]}
          onChange={(presence) => setDraft({ ...draft, presence })}
        />
      )}
      <div className="filter__foot">
        <Button look="quiet" onPress={clear}>
          Clear
        </Button>
        <Button look="primary" type="submit">
          Apply
        </Button>
      </div>
    </form>
  );
};

/** The filter form of the column that was asked for, hanging on what asked for it. */
export const FilterPopover = <R, C extends string>({ grid }: { readonly grid: GridHandle<R, C> }) => {
  const open = useStore(grid.store, (state) => state.filterOpen);
  const column = grid.definition.columns.find((candidate) => candidate.id === open?.column);
  const close = (): void => grid.store.setState({ filterOpen: null });
  if (open === null || !column) return null;
  return (
    <Popover
      className="popover"
      triggerRef={{ current: open.anchor }}
      isOpen
      onOpenChange={(next) => (next ? undefined : close())}
      placement="bottom start"
      offset={4}
    >
      <Dialog className="popover__body" aria-label={`Filter by ${column.header}`}>
        <FilterForm grid={grid} column={column} close={close} />
      </Dialog>
    </Popover>
  );
};
