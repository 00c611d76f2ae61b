import { useState } from 'react';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Select, TextField } from '../../components/field.tsx';
import { counted } from '../../format/amount.ts';
import { readSnoozeTime, snoozeTimes } from './snooze-times.ts';
import type { AlertActs } from './use-alert-acts.ts';

/** What is asked about which alerts. */
export interface AskedAct {
  readonly act: 'acknowledge' | 'snooze';
  readonly ids: readonly string[];
}

interface FormProps {
  readonly ids: readonly string[];
  readonly acts: AlertActs;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const Foot = ({
  verb,
  acts,
  disabled,
  onClose,
}: {
  readonly verb: string;
  readonly acts: AlertActs;
  readonly disabled?: boolean;
  readonly onClose: () => void;
}) => (
  <p className="alert-act__foot">
    <Button onPress={onClose}>Cancel</Button>
    <Button look="primary" type="submit" pending={acts.running} disabled={disabled ?? false}>
      {verb}
    </Button>
  </p>
);

const Acknowledge = ({ ids, acts, onDone, onClose }: FormProps) => {
  const [note, setNote] = useState('');
  return (
    <form
      className="alert-act"
      onSubmit={(event) => {
        event.preventDefault();
        void acts.acknowledge(ids, note.trim()).then((done) => (done ? onDone() : undefined));
      }}
    >
      <p className="secondary">
        Your name stands beside {ids.length === 1 ? 'it' : 'them'}, so that nobody else starts on it too.
      </p>
      <TextField label="Note" value={note} onChange={setNote} autoFocus help="What is done about it, for whoever looks next." />
      <Foot verb="Acknowledge" acts={acts} onClose={onClose} />
    </form>
  );
};

const OTHER = 'other';

const Snooze = ({ ids, acts, onDone, onClose }: FormProps) => {
  const { clock } = useRuntime();
  const [now] = useState(() => clock.now());
  const times = snoozeTimes(now);
  const [choice, setChoice] = useState('hour');
  const [typed, setTyped] = useState('');
  const [note, setNote] = useState('');
  const until = choice === OTHER ? readSnoozeTime(typed, now) : (times.find(({ id }) => id === choice)?.until ?? null);
  return (
    <form
      className="alert-act"
      onSubmit={(event) => {
        event.preventDefault();
        if (until !== null) void acts.snooze(ids, until, note.trim()).then((done) => (done ? onDone() : undefined));
      }}
    >
      <p className="secondary">
        {ids.length === 1 ? 'It comes' : 'They come'} back at that time if the condition still stands, and{' '}
        {ids.length === 1 ? 'is' : 'are'} told again.
      </p>
      <Select
        label="Until"
        value={choice}
        options={[...times.map(({ id, label }) => ({ value: id, label })), { value: OTHER, label: 'Another time' }]}
        onChange={setChoice}
      />
      {choice === OTHER ? (
        <TextField
          label="Date and time"
          value={typed}
          onChange={setTyped}
          required
          mono
          help="Such as 2026-11-24 09:30, at most 90 days ahead."
          error={typed !== '' && until === null ? 'Write a date and a time that are still to come.' : undefined}
        />
      ) : null}
      <TextField label="Note" value={note} onChange={setNote} />
      <Foot verb="Snooze" acts={acts} disabled={until === null} onClose={onClose} />
    </form>
  );
};

/** Asks what belongs to acknowledging or snoozing: a note, and until when. Enter does it. */
export const ActDialog = ({
  asked,
  acts,
  onDone,
  onClose,
}: {
  readonly asked: AskedAct | null;
  readonly acts: AlertActs;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) => {
  const verb = asked?.act === 'snooze' ? 'Snooze' : 'Acknowledge';
  const Form = asked?.act === 'snooze' ? Snooze : Acknowledge;
  return (
    <Dialog
      title={asked === null ? verb : `${verb} ${counted(asked.ids.length, 'alert')}`}
      open={asked !== null}
      onClose={onClose}
    >
      {asked === null ? null : <Form ids={asked.ids} acts={acts} onDone={onDone} onClose={onClose} />}
    </Dialog>
  );
};
