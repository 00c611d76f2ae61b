import { useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { SearchField } from '../../components/field.tsx';
import { PopoverButton } from '../../components/popover-button.tsx';

interface Target {
  readonly id: string;
  readonly label: string;
}

const Finder = ({ kind, onChoose }: { readonly kind: 'account' | 'security'; readonly onChoose: (target: Target) => void }) => {
  const [text, setText] = useState('');
  const found = useQuery('search.everything', text.trim() === '' ? null : { text: text.trim(), limit: 50 }, { keep: true });
  const items = (found.data?.items ?? []).filter((item) => item.kind === kind);
  return (
    <>
      <SearchField
        label={kind === 'account' ? 'Account name or number' : 'Security name or identifier'}
        value={text}
        onChange={setText}
      />
      <ListBox
        className="menu link-other"
        aria-label="In the book"
        items={items}
        selectionMode="single"
        onSelectionChange={(keys) => {
          const chosen = items.find((item) => keys !== 'all' && keys.has(item.id));
          if (chosen) onChoose(chosen);
        }}
        renderEmptyState={() => (
          <p className="quiet">{text.trim() === '' ? 'Type part of a name or identifier.' : 'Nothing found.'}</p>
        )}
      >
        {(item) => (
          <ListBoxItem id={item.id} className="menu__item" textValue={item.label}>
            <span className="menu__label">
              {item.label}
              <span className="menu__detail">{item.detail}</span>
            </span>
          </ListBoxItem>
        )}
      </ListBox>
    </>
  );
};

/** Finds an account or security of the book to link to when no suggestion fits. */
export const LinkOther = ({
  kind,
  name,
  onChoose,
}: {
  readonly kind: 'account' | 'security';
  readonly name: string;
  readonly onChoose: (target: Target) => void;
}) => (
  <PopoverButton
    label={`Find the ${kind} for ${name}`}
    placement="bottom start"
    button={<Button label={`Link to another ${kind}: ${name}`}>Link to another</Button>}
  >
    {(close) => (
      <Finder
        kind={kind}
        onChoose={(target) => {
          close();
          onChoose(target);
        }}
      />
    )}
  </PopoverButton>
);
