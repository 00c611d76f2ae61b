import type { ReactNode } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import './overlay.css';

/** A button (first child) that opens a small panel; the panel gets a function that closes it. */
export const PopoverButton = ({
  button,
  label,
  children,
  placement = 'bottom end',
}: {
  readonly button: ReactNode;
  readonly label: string;
  readonly children: (close: () => void) => ReactNode;
  readonly placement?: 'bottom end' | 'bottom start';
}) => (
  <DialogTrigger>
    {button}
    <Popover className="popover" placement={placement} offset={4}>
      <Dialog className="popover__body" aria-label={label}>
        {({ close }) => children(close)}
      </Dialog>
    </Popover>
  </DialogTrigger>
);
