import type { ReactNode } from 'react';
import { Check } from 'lucide-react';
import { Header, Menu as AriaMenu, MenuItem as AriaMenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import './overlay.css';

export interface MenuChoice {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  readonly keys?: string;
  readonly icon?: ReactNode;
  readonly checked?: boolean;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  readonly run: () => void;
}
export interface MenuGroup {
  readonly id: string;
  readonly label?: string;
  readonly choices: readonly MenuChoice[];
}

const Choice = ({ choice }: { readonly choice: MenuChoice }) => (
  <AriaMenuItem
    id={choice.id}
    textValue={choice.label}
    isDisabled={choice.disabled === true}
    className={choice.danger === true ? 'menu__item menu__item--danger' : 'menu__item'}
    onAction={choice.run}
  >
    <span className="menu__mark">{choice.checked === true ? <Check size={14} aria-label="Chosen" /> : choice.icon}</span>
    <span className="menu__label">
      {choice.label}
      {choice.detail === undefined ? null : <span className="menu__detail">{choice.detail}</span>}
    </span>
    {choice.keys === undefined ? null : <kbd>{choice.keys}</kbd>}
  </AriaMenuItem>
);

/** A button that opens a list of actions. `children` is the button. */
export const Menu = ({
  children,
  label,
  groups,
}: {
  readonly children: ReactNode;
  readonly label: string;
  readonly groups: readonly MenuGroup[];
}) => (
  <MenuTrigger>
    {children}
    <Popover className="popover" placement="bottom end" offset={4}>
      <AriaMenu className="menu" aria-label={label}>
        {groups.map((group) => (
          <MenuSection key={group.id} className="menu__group" {...(group.label === undefined ? { 'aria-label': label } : {})}>
            {group.label === undefined ? null : <Header className="menu__heading">{group.label}</Header>}
            {group.choices.map((choice) => (
              <Choice key={choice.id} choice={choice} />
            ))}
          </MenuSection>
        ))}
      </AriaMenu>
    </Popover>
  </MenuTrigger>
);
