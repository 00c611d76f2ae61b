import { useState } from 'react';
import { useStore } from 'zustand';
import type { Connection } from '../../../shared/contract/connections.ts';
import type { SchedulePreview, Timetable } from '../../../shared/contract/timetable.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { Select, TextField } from '../../components/field.tsx';
import { PaneSection } from '../../components/split.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { exactInstant, formatInstant } from '../../format/time.ts';
import { scheduleChoices } from './treatment.ts';

const BY_CRON = 'cron';
const WEEKDAYS_AT_SEVEN = '0 7 * * 1-5';

const hereOrSet = ({ cron, zone, quietFrom }: Timetable): string =>
  cron === null && quietFrom === null ? new Intl.DateTimeFormat().resolvedOptions().timeZone : zone;

/** `7:30` and `07.30` are `07:30`; empty is none; anything else is kept, and refused where it is read. */
const readTime = (text: string): string | null => {
  const [, hour, minute] = /^\s*(\d{1,2})[:.](\d{2})\s*$/.exec(text) ?? [];
  return text.trim() === '' ? null : hour === undefined ? text.trim() : `${hour.padStart(2, '0')}:${minute ?? ''}`;
};
const isTime = (text: string | null): boolean => text === null || /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
const BAD_TIME = 'Write a time of day as 22:00, or leave it empty.';

const NextRuns = ({ preview, asked }: { readonly preview: SchedulePreview | undefined; readonly asked: boolean }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  if (preview === undefined || preview.problems.length > 0) return null;
  if (asked) return <p className="secondary">It is read only when somebody asks.</p>;
  return (
    <div className="next-runs">
      <p className="field__label" id="next-runs">
        Next runs, in the time of this computer
      </p>
      <ol aria-labelledby="next-runs">
        {preview.runs.map((run) => (
          <li key={run} title={exactInstant(run)}>
            {formatInstant(run, dates)}
          </li>
        ))}
      </ol>
    </div>
  );
};

/** When a connection is read: an interval or a cron expression, its time zone, and hours in which it rests. */
export const SchedulePart = ({
  connection,
  stored,
  mayEdit,
}: {
  readonly connection: Connection;
  readonly stored: Timetable;
  readonly mayEdit: boolean;
}) => {
  const { toasts } = useRuntime();
  const update = useCommand('connections.update');
  const [minutes, setMinutes] = useState(connection.syncEveryMinutes);
  const [cron, setCron] = useState(stored.cron);
  const [zone, setZone] = useState(hereOrSet(stored));
  const [from, setFrom] = useState(stored.quietFrom ?? '');
  const [to, setTo] = useState(stored.quietTo ?? '');
  const [quietFrom, quietTo] = [readTime(from), readTime(to)];
  const timesRead = isTime(quietFrom) && isTime(quietTo);
  const timetable = { cron: cron === null ? null : cron.trim(), zone: zone.trim(), quietFrom, quietTo };
  const preview = useQuery(
    'connections.previewSchedule',
    timesRead && timetable.zone.length <= 60 && (timetable.cron?.length ?? 0) <= 100
      ? { syncEveryMinutes: minutes, timetable }
      : null,
    { keep: true },
  );
  const problem = (field: SchedulePreview['problems'][number]['field']): string | undefined =>
    preview.data?.problems.find((found) => found.field === field)?.message;
  const onlyAsked = cron === null && minutes === 0;
  const zoned = cron !== null || from !== '' || to !== '';
  const kept = { ...stored, zone: zoned ? stored.zone : timetable.zone };
  const changed =
    minutes !== connection.syncEveryMinutes || JSON.stringify(timetable) !== JSON.stringify({ ...timetable, ...kept });
  const right = timesRead && preview.data?.problems.length === 0 && !preview.previous;
  const save = async (): Promise<void> => {
    const result = await update.run({ id: connection.id, syncEveryMinutes: minutes, timetable });
    if (result.ok) toasts.show({ kind: 'good', text: `The schedule of ${connection.name} is saved.` });
  };
  const choose = (value: string): void => {
    if (value === BY_CRON) return setCron(cron ?? WEEKDAYS_AT_SEVEN);
    setCron(null);
    return setMinutes(Number(value));
  };
  return (
    <PaneSection title="When it is read">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed && right) void save();
        }}
      >
        <Select
          label="Sync"
          value={cron === null ? String(minutes) : BY_CRON}
          disabled={!mayEdit}
          options={[
            ...scheduleChoices(connection.syncEveryMinutes),
            { value: BY_CRON, label: 'At set times', detail: 'By a cron expression, for example seven on weekdays.' },
          ]}
          onChange={choose}
        />
        {cron === null ? null : (
          <TextField
            label="Cron expression"
            value={cron}
            onChange={setCron}
            required
            mono
            disabled={!mayEdit}
            help="Minute, hour, day, month, weekday: 0 7 * * 1-5 is seven on weekdays."
            error={problem('cron')}
          />
        )}
        {onlyAsked ? null : (
          <>
            <div className="form__pair">
              <TextField
                label="Quiet from"
                value={from}
                onChange={setFrom}
                disabled={!mayEdit}
                error={isTime(quietFrom) ? problem('quiet') : BAD_TIME}
              />
              <TextField
                label="Quiet until"
                value={to}
                onChange={setTo}
                disabled={!mayEdit}
                error={isTime(quietTo) ? undefined : BAD_TIME}
              />
            </div>
            {zoned ? (
              <TextField
                label="Time zone"
                value={zone}
                onChange={setZone}
                required
                disabled={!mayEdit}
                help="Of the times above, such as Europe/Zurich or America/New_York."
                error={problem('zone')}
              />
            ) : null}
          </>
        )}
        <NextRuns preview={timesRead ? preview.data : undefined} asked={onlyAsked} />
        <FailureNote failure={update.failure ?? preview.failure} />
        {mayEdit ? (
          <Button type="submit" pending={update.running} disabled={!changed || !right}>
            Save the schedule
          </Button>
        ) : null}
      </form>
    </PaneSection>
  );
};
