import type { ReactNode } from 'react';
import { ChevronDown, Check, Search, X } from 'lucide-react';
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField as AriaSearchField,
  Select as AriaSelect,
  SelectValue,
  Text,
  TextArea,
  TextField as AriaTextField,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import './field.css';

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string | undefined;
  /** What is wrong with the value; the field is marked and the text tied to it. */
  readonly error?: string | undefined;
  readonly secret?: boolean;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly lines?: number;
  readonly mono?: boolean;
  readonly autoFocus?: boolean;
  readonly inputMode?: 'text' | 'decimal' | 'numeric' | 'url';
  /** The label is read out but not shown. */
  readonly labelHidden?: boolean;
}

/** A labelled line or block of text. */
export const TextField = ({
  label,
  value,
  onChange,
  help,
  error,
  secret = false,
  required = false,
  disabled = false,
  lines = 1,
  mono = false,
  autoFocus = false,
  inputMode = 'text',
  labelHidden = false,
}: TextFieldProps) => (
  <AriaTextField
    className="field"
    value={value}
    onChange={onChange}
    isRequired={required}
    isDisabled={disabled}
    isInvalid={error !== undefined}
    validationBehavior="aria"
    autoFocus={autoFocus}
    type={secret ? 'password' : 'text'}
    autoComplete="off"
  >
    <Label className={labelHidden ? 'visually-hidden' : 'field__label'}>
      {label}
      {required ? null : <span className="field__optional"> optional</span>}
    </Label>
    {lines > 1 ? (
      <TextArea className="field__input field__input--area" rows={lines} />
    ) : (
      <Input className={mono ? 'field__input mono' : 'field__input'} inputMode={inputMode} spellCheck={false} />
    )}
    {help === undefined || help === '' ? null : (
      <Text slot="description" className="field__help">
        {help}
      </Text>
    )}
    <FieldError className="field__error">{error}</FieldError>
  </AriaTextField>
);

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly detail?: string;
}
export interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly SelectOption[];
  readonly onChange: (value: string) => void;
  readonly help?: string;
  readonly disabled?: boolean;
  /** The label is read out but not shown. */
  readonly labelHidden?: boolean;
}

/** One choice out of a short list. */
export const Select = ({ label, value, options, onChange, help, disabled = false, labelHidden = false }: SelectProps) => (
  <AriaSelect className="field" value={value} onChange={(key) => onChange(String(key))} isDisabled={disabled}>
    <Label className={labelHidden ? 'visually-hidden' : 'field__label'}>{label}</Label>
    <AriaButton className="field__input field__input--select">
      <SelectValue>
        {({ defaultChildren }) => options.find((option) => option.value === value)?.label ?? defaultChildren}
      </SelectValue>
      <ChevronDown size={14} aria-hidden />
    </AriaButton>
    {help === undefined ? null : (
      <Text slot="description" className="field__help">
        {help}
      </Text>
    )}
    <Popover className="popover" offset={4}>
      <ListBox className="menu">
        {options.map((option) => (
          <ListBoxItem key={option.value} id={option.value} textValue={option.label} className="menu__item">
            {({ isSelected }) => (
              <>
                <span className="menu__mark">{isSelected ? <Check size={14} aria-hidden /> : null}</span>
                <span className="menu__label">
                  {option.label}
                  {option.detail === undefined ? null : <span className="menu__detail">{option.detail}</span>}
                </span>
              </>
            )}
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  </AriaSelect>
);

/** A search line with its own clear button. */
export const SearchField = ({
  label,
  value,
  onChange,
  placeholder,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}) => (
  <AriaSearchField className="search" aria-label={label} value={value} onChange={onChange}>
    <Search size={14} aria-hidden className="search__icon" />
    <Input className="search__input" placeholder={placeholder ?? label} />
    <AriaButton className="search__clear" aria-label="Clear search">
      <X size={14} aria-hidden />
    </AriaButton>
  </AriaSearchField>
);

export const Checkbox = ({
  children,
  checked,
  onChange,
  disabled = false,
  indeterminate = false,
  label,
}: {
  readonly children?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly indeterminate?: boolean;
  readonly label?: string;
}) => (
  <AriaCheckbox
    className="checkbox"
    isSelected={checked}
    isIndeterminate={indeterminate}
    onChange={onChange}
    isDisabled={disabled}
    {...(label === undefined ? {} : { 'aria-label': label })}
  >
    <span className="checkbox__box" aria-hidden>
      {indeterminate ? <span className="checkbox__bar" /> : checked ? <Check size={12} strokeWidth={3} /> : null}
    </span>
    {children}
  </AriaCheckbox>
);

/** Two to five choices side by side, one of them pressed. */
export const Segmented = <T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}) => (
  <ToggleButtonGroup
    className="segmented"
    aria-label={label}
    selectionMode="single"
    disallowEmptySelection
    selectedKeys={[value]}
    onSelectionChange={(keys) => {
      const chosen = options.find((option) => keys.has(option.value));
      if (chosen) onChange(chosen.value);
    }}
  >
    {options.map((option) => (
      <ToggleButton key={option.value} id={option.value} className="segmented__choice">
        {option.label}
      </ToggleButton>
    ))}
  </ToggleButtonGroup>
);
