import { useState, type FormEvent, type KeyboardEvent } from 'react';
import { useCommand } from '../../api/use-command.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { PaneSection } from '../../components/split.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { exactInstant, formatAgo } from '../../format/time.ts';
import type { ConflictDetail } from './decision.ts';

const NewComment = ({
  id,
  autoFocus,
  onDone,
}: {
  readonly id: string;
  readonly autoFocus: boolean;
  readonly onDone: () => void;
}) => {
  const [text, setText] = useState('');
  const { run, running, failure } = useCommand('conflicts.comment');
  const save = async (): Promise<void> => {
    if (text.trim() === '' || running) return;
    const result = await run({ id, text: text.trim() });
    if (!result.ok) return;
    setText('');
    onDone();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onDone();
  };
  return (
    <form className="comment-form" onSubmit={submit} onKeyDown={onKeyDown}>
      <TextField label="New comment" labelHidden required value={text} onChange={setText} lines={2} autoFocus={autoFocus} />
      <FailureNote failure={failure} />
      <div className="comment-form__foot">
        <Button onPress={onDone}>Cancel</Button>
        <Button look="primary" type="submit" pending={running} disabled={text.trim() === ''}>
          Add comment
        </Button>
      </div>
    </form>
  );
};

/** What people wrote about a conflict, and a place to write. */
export const Comments = ({
  detail,
  writing,
  onWriting,
}: {
  readonly detail: ConflictDetail;
  readonly writing: boolean;
  readonly onWriting: (writing: boolean) => void;
}) => {
  const { clock } = useRuntime();
  const may = useMay('analyst');
  return (
    <PaneSection
      title="Comments"
      aside={
        may && !writing ? (
          <Button look="quiet" onPress={() => onWriting(true)}>
            Write a comment
          </Button>
        ) : undefined
      }
    >
      {detail.comments.length === 0 && !writing ? <p className="quiet">Nobody has written about this yet.</p> : null}
      <ol className="comments">
        {detail.comments.map((comment) => (
          <li key={comment.id}>
            <p className="comments__text">{comment.text}</p>
            <p className="secondary quiet" title={exactInstant(comment.at)}>
              {comment.author}, {formatAgo(comment.at, clock.now())}
            </p>
          </li>
        ))}
      </ol>
      {writing ? <NewComment id={detail.row.id} autoFocus onDone={() => onWriting(false)} /> : null}
    </PaneSection>
  );
};
