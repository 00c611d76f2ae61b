import type { ReactNode } from 'react';
import { Button as AriaButton, Tooltip, TooltipTrigger, type PressEvent } from 'react-aria-components';
import './button.css';

export interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress?: (event: PressEvent) => void;
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly disabled?: boolean;
  /** Work is on its way: the button keeps its width, is not pressed again and says so. */
  readonly pending?: boolean;
  readonly icon?: ReactNode;
  readonly label?: string;
  readonly type?: 'button' | 'submit';
  readonly autoFocus?: boolean;
}

/** A verb to press. */
export const Button = ({
  children,
  onPress,
  look = 'plain',
  disabled = false,
  pending = false,
  icon,
  label,
  type = 'button',
  autoFocus = false,
}: ButtonProps) => (
  <AriaButton
    className={`button button--${look}`}
    isDisabled={disabled}
    isPending={pending}
    type={type}
    autoFocus={autoFocus}
    {...(onPress ? { onPress } : {})}
    {...(label === undefined ? {} : { 'aria-label': label })}
  >
    {icon}
    <span className="button__text">{children}</span>
  </AriaButton>
);

export interface IconButtonProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly onPress?: (event: PressEvent) => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
}

/** A button of an icon alone; its label is its name and its tooltip. */
export const IconButton = ({ label, children, onPress, disabled = false, pressed }: IconButtonProps) => (
  <TooltipTrigger delay={500} closeDelay={50}>
    <AriaButton
      className="icon-button"
      aria-label={label}
      isDisabled={disabled}
      {...(onPress ? { onPress } : {})}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
    >
      {children}
    </AriaButton>
    <Tooltip className="tooltip" offset={6}>
      {label}
    </Tooltip>
  </TooltipTrigger>
);
