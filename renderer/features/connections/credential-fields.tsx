import type { Output } from '../../../shared/contract/index.ts';
import { TextField } from '../../components/field.tsx';

export type PlatformFacts = Output<'connections.platforms'>['items'][number];
export type Field = PlatformFacts['credentials'][number];
export type Values = Readonly<Record<string, string>>;

/** What was filled in; blanks are left out. */
export const filled = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));

/** Labels of required fields that are still blank. */
export const missing = (fields: readonly Field[], values: Values): string[] =>
  fields.filter((field) => field.required && (values[field.key] ?? '').trim() === '').map((field) => field.label);

/** One text field for each fact that a platform asks for. */
export const CredentialFields = ({
  fields,
  values,
  onChange,
}: {
  readonly fields: readonly Field[];
  readonly values: Values;
  readonly onChange: (values: Values) => void;
}) =>
  fields.map((field) => (
    <TextField
      key={field.key}
      label={field.label}
      help={field.help}
      secret={field.secret}
      required={field.required}
      value={values[field.key] ?? ''}
      onChange={(value) => onChange({ ...values, [field.key]: value })}
    />
  ));
