import { useRef, useState, type FormEvent } from 'react';
import type { Dec } from '../../../shared/model/decimal.ts';
import type { Output } from '../../../shared/contract/index.ts';
import type { HoldingField } from '../../../shared/model/holding.ts';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { useUndo } from '../../app/use-undo.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { exactAmount, FIELD_SCALE } from '../../format/amount.ts';
import { FIELD_NAME } from '../../format/words.ts';
import { readAmount } from '../../grid/filter-draft.ts';

type Detail = Output<'holdings.get'>;
const NO_NUMBER = 'Write a number, such as 1,250.50.';

/** Changes one value of the book by hand, with a reason. Refused when the value changed meanwhile: then both are shown. */
export const EditValue = ({
  detail,
  field,
  onDone,
}: {
  readonly detail: Detail;
  readonly field: HoldingField;
  readonly onDone: () => void;
}) => {
  const { toasts } = useRuntime();
  const undo = useUndo();
  const edit = useCommand('holdings.edit');
  const now = detail.fields.find((candidate) => candidate.field === field);
  const current = now?.value ?? null;
  // What the person saw when the form opened; the book may move on below it.
  const seen = useRef(current);
  const [text, setText] = useState(current === null ? '' : exactAmount(current).replace('\u2212', '-'));
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const value = readAmount(text) as Dec | null;
  const moved = seen.current !== current;

  const save = async (expected: Dec | null): Promise<void> => {
    setTried(true);
    if (value === null || reason.trim() === '') return;
    const result = await edit.run({ id: detail.row.id, field, value, expected, reason: reason.trim() });
    if (!result.ok) return;
    toasts.show({
      kind: 'good',
      text: `${FIELD_NAME[field]} of ${detail.row.security} set to ${exactAmount(value)}.`,
      action: undo(result.value.batchId),
    });
    onDone();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save(seen.current);
  };
  const changed = edit.failure?.code === 'conflict_changed' || moved;

  return (
    <form className="edit" onSubmit={submit}>
      <TextField
        label={`New ${FIELD_NAME[field].toLowerCase()}`}
        value={text}
        onChange={setText}
        required
        autoFocus
        inputMode="decimal"
        error={tried && value === null ? NO_NUMBER : undefined}
      />
      <TextField
        label="Reason"
        value={reason}
        onChange={setReason}
        required
        error={tried && reason.trim() === '' ? 'Say why; it stands beside the value and in the audit trail.' : undefined}
      />
      {changed ? (
        <div className="edit__changed" role="alert">
          <p>The value changed while you were editing. Nothing was overwritten.</p>
          <dl className="facts">
            <dt>You saw</dt>
            <dd>
              <Amount value={seen.current} scale={FIELD_SCALE[field]} />
            </dd>
            <dt>Clearway now</dt>
            <dd>
              <Amount value={current} scale={FIELD_SCALE[field]} />
              {now === undefined ? null : <span className="quiet">, {now.provenance.label}</span>}
            </dd>
            <dt>Yours</dt>
            <dd>
              <Amount value={value} scale={FIELD_SCALE[field]} />
            </dd>
          </dl>
        </div>
      ) : (
        <FailureNote failure={edit.failure} />
      )}
      <div className="edit__foot">
        <Button onPress={onDone}>{changed ? 'Keep what is there now' : 'Cancel'}</Button>
        {changed ? (
          <Button look="primary" pending={edit.running} onPress={() => void save(current)}>
            Set mine instead
          </Button>
        ) : (
          <Button look="primary" type="submit" pending={edit.running}>
            Set value
          </Button>
        )}
      </div>
    </form>
  );
};
