import { Checkbox, TextField } from '../../components/field.tsx';
import type { PlatformFacts, Values } from './credential-fields.tsx';
import { chosenStreams, isReadSetting, STREAMS, streamsSetting } from './streams.ts';

/** What is read from a platform: streams, days of transactions, as-of date. Positions always are. */
export const ReadFields = ({
  facts,
  values,
  onChange,
}: {
  readonly facts: PlatformFacts;
  readonly values: Values;
  readonly onChange: (values: Values) => void;
}) => {
  const chosen = chosenStreams(values['streams']);
  const others = facts.settings.filter((field) => isReadSetting(field) && field.key !== 'streams');
  return (
    <>
      <div className="streams" role="group" aria-label="Streams">
        <Checkbox checked disabled onChange={() => undefined}>
          <span>
            Positions <span className="quiet">Accounts, securities and what is held; always read</span>
          </span>
        </Checkbox>
        {STREAMS.map(({ id, label, detail }) => (
          <Checkbox
            key={id}
            checked={chosen.includes(id)}
            onChange={(checked) =>
              onChange({
                ...values,
                streams: streamsSetting(checked ? [...chosen, id] : chosen.filter((other) => other !== id)),
              })
            }
          >
            <span>
              {label} <span className="quiet">{detail}</span>
            </span>
          </Checkbox>
        ))}
      </div>
      {others.map((field) => (
        <TextField
          key={field.key}
          label={field.label}
          help={field.help}
          value={values[field.key] ?? ''}
          disabled={field.key === 'transactionDays' && !chosen.includes('transactions')}
          onChange={(value) => onChange({ ...values, [field.key]: value })}
        />
      ))}
    </>
  );
};
