import { Building2, CornerDownLeft, FileText, Search, UserRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components';
import { useStore } from 'zustand';
import type { Output } from '../../shared/contract/index.ts';
import { useQuery } from '../api/use-query.ts';
import { gridLink } from '../grid/grid-link.ts';
import { useRuntime } from './runtime.tsx';
import { SCREENS } from './screens.ts';
import '../components/overlay.css';

type Found = Output<'search.everything'>['items'][number];

const COLUMN = { portfolio: 'portfolioId', account: 'accountId', security: 'securityId' } as const;
const KIND = { portfolio: 'Portfolio', account: 'Account', security: 'Security' } as const;
const ICON = {
  portfolio: <Building2 size={16} aria-hidden />,
  account: <UserRound size={16} aria-hidden />,
  security: <FileText size={16} aria-hidden />,
};
const SEARCH_AFTER_MS = 120;

const useSettled = (text: string): string => {
  const { clock } = useRuntime();
  const [settled, setSettled] = useState(text);
  useEffect(() => clock.after(SEARCH_AFTER_MS, () => setSettled(text)), [clock, text]);
  return settled;
};

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly keys: readonly string[];
  readonly run: () => void;
}

const matches = (entry: Entry, words: readonly string[]): boolean => {
  const text = `${entry.label} ${entry.detail}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

const PaletteList = ({ onClose, onHelp }: { readonly onClose: () => void; readonly onHelp: () => void }) => {
  const { router, keyboard } = useRuntime();
  const [text, setText] = useState('');
  const settled = useSettled(text.trim());
  const search = useQuery('search.everything', settled === '' ? null : { text: settled }, { keep: true });
  const registered = useStore(keyboard.store);

  const then = (run: () => void) => (): void => {
    onClose();
    run();
  };
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const screens: readonly Entry[] = SCREENS.map((screen) => ({
    id: `go ${screen.id}`,
    label: screen.title,
    detail: screen.under === undefined ? 'Screen' : 'Screen, settings',
    keys: screen.key === undefined ? [] : keyboard.readable(`g ${screen.key}`),
    run: then(() => router.go(screen.path)),
  }));
  const commands: readonly Entry[] = registered
    .filter(
      (shortcut) =>
        shortcut.group !== 'Go to' && shortcut.keys !== 'mod+k' && shortcut.keys !== 'escape' && !shortcut.keys.endsWith('f6'),
    )
    .map((shortcut) => ({
      id: `run ${shortcut.keys} ${shortcut.label}`,
      label: shortcut.label,
      detail: 'Command',
      keys: keyboard.readable(shortcut.keys),
      run: then(shortcut.keys === '?' ? onHelp : shortcut.run),
    }));
  const found = (settled === '' ? [] : (search.data?.items ?? [])).map((item: Found) => ({
    item,
    run: then(() => router.go(gridLink('/holdings', [{ column: COLUMN[item.kind], operator: 'is', value: item.id }]))),
  }));
  const local = [...screens, ...commands].filter((entry) => matches(entry, words));

  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField
        className="palette__field"
        aria-label="Search or run a command"
        autoFocus
        onKeyDown={(event) => (event.key === 'Escape' ? onClose() : event.continuePropagation())}
      >
        <Search size={16} aria-hidden />
        <Input className="palette__input" placeholder="Account, security, portfolio, screen or command" />
      </SearchField>
      {/* The focus stays in the field, so the list needs a stop of its own for those who scroll by keyboard. */}
      <div className="palette__scroll" role="group" aria-label="Results" tabIndex={0}>
        <Menu
          className="menu palette__list"
          aria-label="Results"
          renderEmptyState={() => (
            <p className="palette__empty quiet">
              {search.fetching ? 'Searching' : 'Nothing found. Try part of a name, an account number, a ticker or a CUSIP.'}
            </p>
          )}
        >
          {found.length === 0 ? null : (
            <MenuSection className="menu__group">
              <Header className="menu__heading">In the book</Header>
              {found.map(({ item, run }) => (
                <MenuItem
                  key={`${item.kind} ${item.id}`}
                  id={`${item.kind} ${item.id}`}
                  className="menu__item"
                  textValue={item.label}
                  onAction={run}
                >
                  <span className="menu__mark">{ICON[item.kind]}</span>
                  <span className="menu__label">
                    {item.label}
                    <span className="menu__detail">{item.detail}</span>
                  </span>
                  <span className="quiet">{KIND[item.kind]}</span>
                </MenuItem>
              ))}
            </MenuSection>
          )}
          {local.length === 0 ? null : (
            <MenuSection className="menu__group">
              <Header className="menu__heading">Screens and commands</Header>
              {local.map((entry) => (
                <MenuItem key={entry.id} id={entry.id} className="menu__item" textValue={entry.label} onAction={entry.run}>
                  <span className="menu__mark">
                    <CornerDownLeft size={14} aria-hidden />
                  </span>
                  <span className="menu__label">{entry.label}</span>
                  <span className="palette__keys">
                    {entry.keys.map((key, index) => (
                      <kbd key={`${index} ${key}`}>{key}</kbd>
                    ))}
                  </span>
                </MenuItem>
              ))}
            </MenuSection>
          )}
        </Menu>
      </div>
    </Autocomplete>
  );
};

/** One field for everything: what is in the book, the screens, and the commands of the screen in front. */
export const Palette = ({
  open,
  onClose,
  onHelp,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onHelp: () => void;
}) => (
  <ModalOverlay className="veil" isOpen={open} isDismissable onOpenChange={(next) => (next ? undefined : onClose())}>
    <Modal className="dialog dialog--wide palette">
      <Dialog className="dialog__inner" aria-label="Search and commands">
        <PaletteList onClose={onClose} onHelp={onHelp} />
      </Dialog>
    </Modal>
  </ModalOverlay>
);
