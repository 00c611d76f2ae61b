import { useRef, useState, type KeyboardEvent } from 'react';
import type { Failure } from '../../../api/failure.ts';
import { Button } from '../../../components/button.tsx';
import { Checkbox, Select } from '../../../components/field.tsx';
import { FailureNote, StateView } from '../../../components/state-view.tsx';
import { counted, formatCount } from '../../../format/amount.ts';
import { LinkOther } from '../link-other.tsx';
import { claimedTwice, fateOf, setAll, takeSuggestions, type Fate, type Fates, type Waiting } from './mapping.ts';

const Row = ({
  item,
  fate,
  marked,
  onMark,
  onFate,
}: {
  readonly item: Waiting;
  readonly fate: Fate;
  readonly marked: boolean;
  readonly onMark: (marked: boolean) => void;
  readonly onFate: (fate: Fate) => void;
}) => {
  const known = [...item.suggestions];
  if (fate.kind === 'link' && !known.some(({ id }) => id === fate.id))
    known.push({ id: fate.id, label: fate.label, reason: 'Chosen by you' });
  return (
    <tr data-marked={marked}>
      <td className="mapping__mark">
        <Checkbox checked={marked} onChange={onMark} label={`Mark ${item.label}`} />
      </td>
      <td>
        <div>{item.label}</div>
        <div className="quiet">
          {item.detail} · {counted(item.positions, 'position')}
        </div>
      </td>
      <td className="secondary">{item.reason}</td>
      <td>
        <div className="mapping__fate">
          <Select
            label={`What ${item.label} is`}
            labelHidden
            value={fate.kind === 'link' ? fate.id : fate.kind}
            options={[
              ...known.map(({ id, label, reason }) => ({ value: id, label, detail: reason })),
              { value: 'new', label: 'Make a new account' },
              { value: 'later', label: 'Leave for later' },
            ]}
            onChange={(value) => {
              const suggestion = known.find(({ id }) => id === value);
              onFate(
                suggestion
                  ? { kind: 'link', id: suggestion.id, label: suggestion.label }
                  : { kind: value === 'new' ? 'new' : 'later' },
              );
            }}
          />
          <LinkOther kind="account" name={item.label} onChoose={({ id, label }) => onFate({ kind: 'link', id, label })} />
        </div>
      </td>
    </tr>
  );
};

/**
 * Which account of the platform is which of the book. Nothing is chosen beforehand: a suggestion becomes a link when a
 * person takes it, for one row or for all that are marked.
 */
export const AccountsStep = ({
  items,
  linked,
  fates,
  change,
  failure,
}: {
  readonly items: readonly Waiting[];
  readonly linked: number;
  readonly fates: Fates;
  readonly change: (fates: Fates) => void;
  readonly failure: Failure | null;
}) => {
  const [marks, setMarks] = useState<ReadonlySet<string>>(new Set());
  const table = useRef<HTMLTableElement>(null);
  if (items.length === 0)
    return (
      <StateView title="Every account is tied to the book" inline>
        {counted(linked, 'account')} tied by custodian and number, or new in the book. There is nothing to decide.
      </StateView>
    );
  const marked = items.filter(({ externalId }) => marks.has(externalId));
  const subjects = marked.length > 0 ? marked : items;
  const take = (): void => change(takeSuggestions(subjects, fates));
  const make = (): void => change(setAll(subjects, fates, { kind: 'new' }));
  const leave = (): void => change(setAll(subjects, fates, { kind: 'later' }));
  const markAll = (all: boolean): void => setMarks(new Set(all ? items.map(({ externalId }) => externalId) : []));
  const move = (by: number): void => {
    const boxes = [...(table.current?.querySelectorAll<HTMLInputElement>('tbody .mapping__mark input') ?? [])];
    const at = boxes.findIndex((box) => box === document.activeElement);
    boxes[Math.min(boxes.length - 1, Math.max(0, at + by))]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Keys belong to the rows and the buttons over them: in a list or a search that is open they are letters.
    if (!(event.target instanceof Element) || event.target.closest('[type=checkbox], [role=toolbar]') === null) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const key = event.key.toLowerCase();
    const run = {
      s: plain ? take : null,
      n: plain ? make : null,
      l: plain ? leave : null,
      a: plain ? null : () => markAll(true),
      arrowdown: () => move(1),
      arrowup: () => move(-1),
    }[key];
    if (!run) return;
    event.preventDefault();
    run();
  };
  const twice = claimedTwice(items, fates);
  return (
    <div className="mapping" role="presentation" onKeyDown={onKeyDown}>
      <p className="secondary">
        {counted(linked, 'account')} tied by custodian and number, or new in the book. These {formatCount(items.length)} are not:
        a masked number only suggests. What you leave for later waits on the connection’s page, outside the book.
      </p>
      <div className="mapping__bar" role="toolbar" aria-label="For the marked rows, or for all">
        <Button onPress={take}>
          Take the suggestion <kbd>S</kbd>
        </Button>
        <Button onPress={make}>
          Make new <kbd>N</kbd>
        </Button>
        <Button onPress={leave}>
          Later <kbd>L</kbd>
        </Button>
        <span className="quiet" role="status">
          {marked.length > 0 ? `for ${counted(marked.length, 'marked row')}` : `for all ${counted(items.length, 'row')}`}
        </span>
      </div>
      <div className="mapping__scroll">
        <table className="table table--pane" ref={table}>
          <thead>
            <tr>
              <th className="mapping__mark">
                <Checkbox
                  checked={marked.length === items.length}
                  indeterminate={marked.length > 0 && marked.length < items.length}
                  onChange={markAll}
                  label="Mark all rows"
                />
              </th>
              <th>Account of the platform</th>
              <th>Why it waits</th>
              <th>In Clearway</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <Row
                key={item.externalId}
                item={item}
                fate={fateOf(fates, item.externalId)}
                marked={marks.has(item.externalId)}
                onMark={(mark) =>
                  setMarks((all) => new Set(mark ? [...all, item.externalId] : [...all].filter((id) => id !== item.externalId)))
                }
                onFate={(fate) => change({ ...fates, [item.externalId]: fate })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {twice.length === 0 ? null : (
        <p className="failure-note" role="alert">
          Two rows point at {twice.join(', ')}. Choose another account for one of them.
        </p>
      )}
      <FailureNote failure={failure} />
    </div>
  );
};
