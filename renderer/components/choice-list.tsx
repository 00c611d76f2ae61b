import { Label, Radio, RadioGroup, Text } from 'react-aria-components';
import './choice-list.css';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly detail: string;
}

/** One of a few choices, each with the sentence that tells it from the others; arrow keys move between them. */
export const ChoiceList = <T extends string>({
  label,
  help,
  value,
  choices,
  onChange,
}: {
  readonly label: string;
  readonly help?: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
}) => (
  <RadioGroup
    className="choices"
    value={value}
    onChange={(next) => {
      const chosen = choices.find((choice) => choice.value === next);
      if (chosen) onChange(chosen.value);
    }}
  >
    <Label className="field__label">{label}</Label>
    {help === undefined ? null : (
      <Text slot="description" className="field__help">
        {help}
      </Text>
    )}
    {choices.map((choice) => (
      <Radio key={choice.value} value={choice.value} className="choices__choice">
        <span className="choices__mark" aria-hidden />
        <span>
          <span className="choices__label">{choice.label}</span>
          <span className="choices__detail">{choice.detail}</span>
        </span>
      </Radio>
    ))}
  </RadioGroup>
);
