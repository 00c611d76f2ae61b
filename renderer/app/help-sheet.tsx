import { useStore } from 'zustand';
import { Dialog } from '../components/dialog.tsx';
import { Checkbox } from '../components/field.tsx';
import type { Shortcut } from '../keyboard/keyboard.ts';
import { useRuntime } from './runtime.tsx';

/** Keys that the grid handles itself and that are therefore not in the registry. */
const GRID_KEYS: readonly Pick<Shortcut, 'keys' | 'label' | 'group'>[] = [
  { keys: 'enter', label: 'Open the row', group: 'In a grid' },
  { keys: 'space', label: 'Select the row', group: 'In a grid' },
  { keys: 'shift+arrowdown', label: 'Extend the selection', group: 'In a grid' },
  { keys: 'mod+a', label: 'Select all that match', group: 'In a grid' },
  { keys: 'mod+c', label: 'Copy the cell or the selected rows', group: 'In a grid' },
  { keys: 'alt+arrowdown', label: 'Filter by the column, on its head', group: 'In a grid' },
  { keys: 'shift+arrowleft', label: 'Move the column, on its head', group: 'In a grid' },
  { keys: 'alt+arrowleft', label: 'Resize the column, on its head', group: 'In a grid' },
];

/** All shortcuts that work here, from the registry. */
export const HelpSheet = ({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) => {
  const { keyboard, preferences } = useRuntime();
  const registered = useStore(keyboard.store);
  const singleKeys = useStore(preferences, (state) => state.singleKeys);
  const groups = Map.groupBy([...registered, ...GRID_KEYS], (shortcut) => shortcut.group);
  return (
    <Dialog title="Keyboard" open={open} onClose={onClose} width="wide">
      <Checkbox checked={singleKeys} onChange={(checked) => preferences.setState({ singleKeys: checked })}>
        Shortcuts of single letters
      </Checkbox>
      <div className="help">
        {[...groups].map(([group, shortcuts]) => (
          <section key={group} className="help__group">
            <h3>{group}</h3>
            <dl>
              {shortcuts.map((shortcut) => (
                <div key={`${shortcut.keys} ${shortcut.label}`} className="help__row">
                  <dt>{shortcut.label}</dt>
                  <dd>
                    {keyboard.readable(shortcut.keys).map((key, index) => (
                      <kbd key={`${index} ${key}`}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
};
