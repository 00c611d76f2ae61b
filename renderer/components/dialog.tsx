import type { ReactNode } from 'react';
import { X } from 'lucide-react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button, IconButton } from './button.tsx';
import './overlay.css';

export interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the foot, the one that acts last. */
  readonly actions?: ReactNode;
  readonly width?: 'narrow' | 'wide' | 'large';
  /** For what cannot be undone: read out as an alert. */
  readonly alert?: boolean;
}

/** A window over the screen. Only for what cannot be undone, for forms that add something, and for help. */
export const Dialog = ({ title, open, onClose, children, actions, width = 'narrow', alert = false }: DialogProps) => (
  <ModalOverlay className="veil" isOpen={open} onOpenChange={(next) => (next ? undefined : onClose())} isDismissable={!alert}>
    <Modal className={`dialog dialog--${width}`}>
      <AriaDialog className="dialog__inner" role={alert ? 'alertdialog' : 'dialog'}>
        <header className="dialog__head">
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          <IconButton label="Close" onPress={onClose}>
            <X size={16} aria-hidden />
          </IconButton>
        </header>
        <div className="dialog__body">{children}</div>
        {actions === undefined ? null : <footer className="dialog__foot">{actions}</footer>}
      </AriaDialog>
    </Modal>
  </ModalOverlay>
);

export interface ConfirmProps {
  readonly title: string;
  readonly open: boolean;
  readonly verb: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
  readonly danger?: boolean;
  readonly pending?: boolean;
  readonly children: ReactNode;
}

/** Asks before something that cannot be undone. The safe answer has the focus. */
export const Confirm = ({ title, open, verb, onConfirm, onCancel, danger = false, pending = false, children }: ConfirmProps) => (
  <Dialog
    title={title}
    open={open}
    onClose={onCancel}
    alert
    actions={
      <>
        <Button onPress={onCancel} autoFocus>
          Cancel
        </Button>
        <Button look={danger ? 'danger' : 'primary'} onPress={onConfirm} pending={pending}>
          {verb}
        </Button>
      </>
    }
  >
    {children}
  </Dialog>
);
