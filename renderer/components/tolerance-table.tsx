import { FIELD_NAME } from '../format/words.ts';
import { TextField } from './field.tsx';
import { readBound, TOLERANCE_FIELDS, type ToleranceDraft } from './tolerance-draft.ts';

/** The absolute and relative bound of every field, to be typed; `wrong` is said of what is no bound. */
export const ToleranceTable = ({
  className,
  draft,
  wrong,
  disabled = false,
  onChange,
}: {
  readonly className: string;
  readonly draft: ToleranceDraft;
  readonly wrong: string;
  readonly disabled?: boolean;
  readonly onChange: (draft: ToleranceDraft) => void;
}) => (
  <table className={className}>
    <thead>
      <tr>
        <th scope="col">Field</th>
        <th scope="col">Absolute</th>
        <th scope="col">Relative, as a fraction</th>
      </tr>
    </thead>
    <tbody>
      {TOLERANCE_FIELDS.map((field) => (
        <tr key={field}>
          <th scope="row">{FIELD_NAME[field]}</th>
          {(['absolute', 'relative'] as const).map((side) => (
            <td key={side}>
              <TextField
                label={`${FIELD_NAME[field]}, ${side}`}
                labelHidden
                required
                inputMode="decimal"
                disabled={disabled}
                value={draft[field][side]}
                error={readBound(draft[field][side]) === null ? wrong : undefined}
                onChange={(text) => onChange({ ...draft, [field]: { ...draft[field], [side]: text } })}
              />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);
