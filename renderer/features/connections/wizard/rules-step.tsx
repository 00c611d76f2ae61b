import type { Failure } from '../../../api/failure.ts';
import { ChoiceList } from '../../../components/choice-list.tsx';
import { Select, TextField } from '../../../components/field.tsx';
import { FailureNote } from '../../../components/state-view.tsx';
import { scheduleChoices, STRATEGY_CHOICES, STRATEGY_HELP } from '../treatment.ts';
import type { Draft } from './draft.ts';

/** Name, how often it is read, and what a difference does. */
export const RulesStep = ({
  draft,
  change,
  failure,
}: {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
  readonly failure: Failure | null;
}) => (
  <div className="form">
    <TextField
      label="Name"
      value={draft.name}
      onChange={(name) => change({ name })}
      required
      help="How this connection is called on every screen."
      error={draft.name.trim() === '' ? 'Give it a name.' : undefined}
    />
    <Select
      label="Read"
      value={String(draft.syncEveryMinutes)}
      options={scheduleChoices(draft.syncEveryMinutes)}
      onChange={(value) => change({ syncEveryMinutes: Number(value) })}
      help="A run that is missed while Clearway is off is made up for once."
    />
    <ChoiceList
      label="When Clearway and this platform differ"
      help={STRATEGY_HELP}
      value={draft.strategy}
      choices={STRATEGY_CHOICES}
      onChange={(strategy) => change({ strategy })}
    />
    <FailureNote failure={failure} />
  </div>
);
