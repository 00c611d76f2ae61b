import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useStore } from 'zustand';
import type { Connection } from '../../../shared/contract/connections.ts';
import { tryCalendarDate } from '../../../shared/model/date.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { Checkbox, SearchField, Segmented, TextField } from '../../components/field.tsx';
import { PaneHead, PaneSection } from '../../components/split.tsx';
import { FailureNote, FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { counted } from '../../format/amount.ts';
import { formatDate } from '../../format/time.ts';
import { readTolerances, sameTolerances, type ToleranceDraft, type Tolerances } from '../../components/tolerance-draft.ts';
import { ToleranceTable } from '../../components/tolerance-table.tsx';

const NOT_A_BOUND = 'Zero or more';

const AccountChoice = ({
  chosen,
  onChange,
}: {
  readonly chosen: ReadonlyMap<string, string>;
  readonly onChange: (chosen: ReadonlyMap<string, string>) => void;
}) => {
  const [search, setSearch] = useState('');
  const query = useQuery('accounts.list', { search: search.trim(), limit: 100 }, { keep: true });
  const toggle = (id: string, name: string, on: boolean): void => {
    const next = new Map(chosen);
    if (on) next.set(id, name);
    else next.delete(id);
    onChange(next);
  };
  const items = query.data?.items ?? [];
  const found = new Set(items.map((item) => item.id));
  const kept = [...chosen].filter(([id]) => !found.has(id));
  return (
    <div className="start__accounts">
      <SearchField label="Find accounts" value={search} onChange={setSearch} />
      {query.failure && query.data === undefined ? <FailureView failure={query.failure} onRetry={query.refetch} inline /> : null}
      <ul className="start__list" aria-label="Accounts">
        {kept.map(([id, name]) => (
          <li key={id}>
            <Checkbox checked onChange={(on) => toggle(id, name, on)}>
              {name}
            </Checkbox>
          </li>
        ))}
        {items.map((item) => (
          <li key={item.id}>
            <Checkbox checked={chosen.has(item.id)} onChange={(on) => toggle(item.id, item.name, on)}>
              <span className="truncate">
                {item.name} <span className="quiet mono">{item.number}</span>
              </span>
            </Checkbox>
          </li>
        ))}
      </ul>
      <p className="secondary quiet">
        {counted(chosen.size, 'account')} chosen
        {query.data !== undefined && query.data.total > items.length
          ? `, ${counted(query.data.total - items.length, 'more account')} match`
          : ''}
      </p>
    </div>
  );
};

interface StartFormProps {
  readonly connections: readonly Connection[];
  readonly defaults: Tolerances;
  readonly onStarted: (runId: string) => void;
  readonly onCancel: () => void;
}

const StartForm = ({ connections, defaults, onStarted, onCancel }: StartFormProps) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const sides = connections
    .filter((connection) => connection.asOf !== null)
    .toSorted((a, b) => a.survivorshipRank - b.survivorshipRank);
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set());
  const [scope, setScope] = useState<'all' | 'some'>('all');
  const [accounts, setAccounts] = useState<ReadonlyMap<string, string>>(new Map());
  const [date, setDate] = useState('');
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState<ToleranceDraft>(defaults);
  const [tried, setTried] = useState(false);
  const start = useCommand('reconciliation.start');

  const asOf = date.trim() === '' ? undefined : tryCalendarDate(date.trim());
  const tolerances = readTolerances(draft);
  const chosenSides = sides.filter((side) => !without.has(side.id));
  const newest = new Set(chosenSides.map((side) => side.asOf));
  const valid = asOf !== null && tolerances !== null && chosenSides.length > 0 && (scope === 'all' || accounts.size > 0);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (asOf === null || tolerances === null || !valid || start.running) return;
    const result = await start.run({
      ...(scope === 'some' ? { accountIds: [...accounts.keys()] } : {}),
      ...(chosenSides.length < sides.length ? { connectionIds: chosenSides.map((side) => side.id) } : {}),
      ...(asOf === undefined ? {} : { asOf }),
      ...(sameTolerances(tolerances, defaults) ? {} : { tolerances }),
    });
    if (result.ok) onStarted(result.value.id);
  };

  return (
    <form className="start" onSubmit={(event) => void submit(event)}>
      <PaneSection title="Sides">
        {sides.length === 0 ? (
          <p className="quiet">No connection has data yet. Sync a platform or import a custodian file first.</p>
        ) : null}
        <ul className="start__sides">
          {sides.map((side) => (
            <li key={side.id}>
              <Checkbox
                checked={!without.has(side.id)}
                onChange={(on) => {
                  const next = new Set(without);
                  if (on) next.delete(side.id);
                  else next.add(side.id);
                  setWithout(next);
                }}
              >
                {side.name} <span className="quiet">{side.asOf === null ? '' : `as of ${formatDate(side.asOf, dates)}`}</span>
              </Checkbox>
            </li>
          ))}
        </ul>
        {tried && chosenSides.length === 0 ? <p className="field__error">Choose at least one side.</p> : null}
        {newest.size > 1 && date.trim() === '' ? (
          <p className="start__differ">
            The sides speak of different dates. The run flags those that differ; a date below compares all of them as of that day.
          </p>
        ) : null}
      </PaneSection>
      <PaneSection title="Accounts">
        <Segmented
          label="Accounts"
          value={scope}
          options={[
            { value: 'all', label: 'All accounts' },
            { value: 'some', label: 'Chosen accounts' },
          ]}
          onChange={setScope}
        />
        {scope === 'some' ? <AccountChoice chosen={accounts} onChange={setAccounts} /> : null}
        {tried && scope === 'some' && accounts.size === 0 ? <p className="field__error">Choose at least one account.</p> : null}
      </PaneSection>
      <PaneSection title="Date">
        <TextField
          label="As of"
          value={date}
          onChange={setDate}
          help="Leave it empty for the newest date of each side."
          error={asOf === null ? 'Write the date as YYYY-MM-DD.' : undefined}
        />
      </PaneSection>
      <section className="pane__section">
        <h3 className="facet__head">
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
            Tolerances
            <span className="quiet start__as">
              {tolerances !== null && sameTolerances(tolerances, defaults) ? 'as in Settings' : 'changed for this run'}
            </span>
          </button>
        </h3>
        {open ? (
          <>
            <p className="secondary start__explain">
              Two values match when they differ by no more than the absolute or the relative bound, whichever is wider. 0.0001 is
              0.01 %.
            </p>
            <ToleranceTable className="start__tolerances" draft={draft} wrong={NOT_A_BOUND} onChange={setDraft} />
          </>
        ) : null}
      </section>
      <footer className="pane-foot">
        <FailureNote failure={start.failure} />
        <div className="pane-foot__actions">
          <Button onPress={onCancel}>Cancel</Button>
          <Button look="primary" type="submit" pending={start.running} disabled={sides.length === 0}>
            Start the run
          </Button>
        </div>
      </footer>
    </form>
  );
};

/** What to compare: sides, accounts, date and tolerances of a new run. */
export const StartPanel = ({ onStarted, onCancel }: Pick<StartFormProps, 'onStarted' | 'onCancel'>) => {
  const connections = useQuery('connections.list', {});
  const settings = useQuery('settings.get', {});
  const failure =
    (connections.data === undefined ? connections.failure : null) ?? (settings.data === undefined ? settings.failure : null);
  const slow = useSlow((connections.data === undefined || settings.data === undefined) && failure === null);
  const retry = (): void => {
    connections.refetch();
    settings.refetch();
  };
  return (
    <div className="pane-column">
      <PaneHead title="New run">
        <p className="secondary">Compares Clearway’s book with each side, position by position.</p>
      </PaneHead>
      {failure === null ? null : <FailureView failure={failure} onRetry={retry} inline />}
      {slow ? (
        <div className="pane__section">
          <Skeleton lines={9} />
        </div>
      ) : null}
      {connections.data === undefined || settings.data === undefined ? null : (
        <StartForm
          connections={connections.data.items}
          defaults={settings.data.tolerances}
          onStarted={onStarted}
          onCancel={onCancel}
        />
      )}
    </div>
  );
};
