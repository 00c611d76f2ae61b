import { useState, type FormEvent, type KeyboardEvent } from 'react';
import { tryDec } from '../../../shared/model/decimal.ts';
import { Button } from '../../components/button.tsx';
import { Segmented, TextField } from '../../components/field.tsx';
import { exactAmount } from '../../format/amount.ts';
import { FIELD_NAME } from '../../format/words.ts';
import { readAmount } from '../../grid/filter-draft.ts';
import { readByHand, type ConflictDetail } from './decision.ts';

const startText = ({ row }: ConflictDetail): string => {
  const amount = row.clearway === null ? null : tryDec(row.clearway);
  return amount === null ? (row.clearway ?? '') : exactAmount(amount).replace('\u2212', '-');
};

/** Settles a conflict on a value typed by a person. Enter saves, Escape leaves things as they are. */
export const EditByHand = ({
  detail,
  onSave,
  onCancel,
}: {
  readonly detail: ConflictDetail;
  readonly onSave: (value: string) => void;
  readonly onCancel: () => void;
}) => {
  const { field, currency } = detail.row;
  const [text, setText] = useState(() => startText(detail));
  const [tried, setTried] = useState(false);
  const read = readByHand(field, text, readAmount);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if ('value' in read) onSave(read.value);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onCancel();
  };
  const money = field === 'marketValue' || field === 'costBasis' || field === 'price' || field === 'cash';
  return (
    <form className="by-hand" onSubmit={submit} onKeyDown={onKeyDown}>
      {field === 'presence' ? (
        <Segmented
          label="Position"
          value={text}
          options={[
            { value: 'held', label: 'Held' },
            { value: 'not_held', label: 'Not held' },
          ]}
          onChange={setText}
        />
      ) : (
        <TextField
          label={`${FIELD_NAME[field]} by hand${money ? `, in ${currency}` : ''}`}
          value={text}
          onChange={setText}
          required
          autoFocus
          inputMode="decimal"
          error={tried && 'error' in read ? read.error : undefined}
        />
      )}
      <div className="by-hand__foot">
        <Button onPress={onCancel}>Cancel</Button>
        <Button look="primary" type="submit">
          Settle on this value
        </Button>
      </div>
    </form>
  );
};
