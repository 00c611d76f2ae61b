import { Pin, PinOff, X } from 'lucide-react';
import { useCallback, useRef, useState, type ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useRuntime } from '../app/runtime.tsx';
import { useShortcuts } from '../keyboard/use-shortcuts.ts';
import { IconButton } from './button.tsx';
import './split.css';

export interface SplitProps {
  /** Width and pin are remembered under it. */
  readonly id: string;
  readonly children: ReactNode;
  /** The pane on the right; null closes it unless it is pinned. */
  readonly pane: ReactNode | null;
  readonly paneLabel: string;
  readonly onClose: () => void;
  /** What a pinned pane says while nothing is chosen. */
  readonly hint: string;
  readonly width?: number;
}

interface PaneMemory {
  readonly width: number;
  readonly pinned: boolean;
}

const isPaneMemory = (value: unknown): value is PaneMemory =>
  typeof value === 'object' &&
  value !== null &&
  'width' in value &&
  typeof value.width === 'number' &&
  'pinned' in value &&
  typeof value.pinned === 'boolean';

/** Master on the left, detail on the right: resizable, pinnable, remembered. Escape closes a pane that is not pinned. */
export const Split = ({ id, children, pane, paneLabel, onClose, hint, width = 440 }: SplitProps) => {
  const { memory } = useRuntime();
  const key = `pane.${id}`;
  const [{ pinned, width: shown }, setPane] = useState<PaneMemory>(() => {
    const stored = memory.read(key);
    return isPaneMemory(stored) ? stored : { width, pinned: false };
  });
  const latest = useRef(shown);
  const remember = useCallback((next: PaneMemory): void => memory.write(key, next), [memory, key]);
  const pin = (): void => {
    const next = { width: latest.current, pinned: !pinned };
    setPane(next);
    remember(next);
  };
  const open = pane !== null || pinned;
  useShortcuts(pane !== null ? [{ keys: 'escape', label: 'Close the pane', group: 'This screen', run: onClose }] : []);

  return (
    <Group
      className="split"
      orientation="horizontal"
      onLayoutChanged={(_layout, meta) => (meta.isUserInteraction ? remember({ width: latest.current, pinned }) : undefined)}
    >
      <Panel id={`${id}-main`} minSize={360} className="split__main">
        {children}
      </Panel>
      {open ? <Separator className="split__handle" aria-label={`Width of ${paneLabel}`} /> : null}
      {open ? (
        <Panel
          id={`${id}-pane`}
          className="split__pane"
          defaultSize={shown}
          minSize={320}
          maxSize="70%"
          groupResizeBehavior="preserve-pixel-size"
          onResize={({ inPixels }) => {
            latest.current = Math.round(inPixels);
          }}
        >
          <section className="pane" aria-label={paneLabel} data-region="detail" tabIndex={-1}>
            <div className="pane__tools">
              <IconButton label={pinned ? 'Unpin the pane' : 'Pin the pane'} pressed={pinned} onPress={pin}>
                {pinned ? <PinOff size={14} aria-hidden /> : <Pin size={14} aria-hidden />}
              </IconButton>
              <IconButton label="Close the pane" disabled={pane === null} onPress={onClose}>
                <X size={14} aria-hidden />
              </IconButton>
            </div>
            {pane ?? <p className="pane__hint quiet">{hint}</p>}
          </section>
        </Panel>
      ) : null}
    </Group>
  );
};

/** The head of a detail pane: what it is about, and what stands beside its name. */
export const PaneHead = ({ title, children }: { readonly title: ReactNode; readonly children?: ReactNode }) => (
  <header className="pane__head">
    <h2 className="pane__title">{title}</h2>
    {children}
  </header>
);

/** A titled part of a detail pane. */
export const PaneSection = ({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) => (
  <section className="pane__section">
    <div className="pane__section-head">
      <h3>{title}</h3>
      {aside}
    </div>
    {children}
  </section>
);
