import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Checkbox, TextField } from '../../components/field.tsx';

export interface DestinationDraft {
  readonly name: string;
  readonly url: string;
  readonly allowPrivate: boolean;
}

/** Name and address of a webhook. What is wrong with the address is said by the program when it is saved. */
export const DestinationForm = ({
  verb,
  start,
  pending,
  onSave,
  onCancel,
}: {
  readonly verb: string;
  readonly start: DestinationDraft;
  readonly pending: boolean;
  readonly onSave: (draft: DestinationDraft) => void;
  readonly onCancel: () => void;
}) => {
  const [draft, setDraft] = useState(start);
  const isComplete = draft.name.trim() !== '' && URL.canParse(draft.url.trim());
  return (
    <form
      className="destination__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) onSave({ ...draft, name: draft.name.trim(), url: draft.url.trim() });
      }}
    >
      <TextField label="Name" value={draft.name} onChange={(name) => setDraft({ ...draft, name })} required autoFocus />
      <TextField
        label="Address"
        value={draft.url}
        onChange={(url) => setDraft({ ...draft, url })}
        required
        mono
        inputMode="url"
        help="https, or http on this computer."
      />
      <Checkbox checked={draft.allowPrivate} onChange={(allowPrivate) => setDraft({ ...draft, allowPrivate })}>
        Allow addresses of this computer and of private networks
      </Checkbox>
      <p className="destination__actions">
        <Button look="primary" type="submit" pending={pending} disabled={!isComplete}>
          {verb}
        </Button>
        <Button onPress={onCancel}>Cancel</Button>
      </p>
    </form>
  );
};
