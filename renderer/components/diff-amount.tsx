import type { Dec } from '../../shared/model/decimal.ts';
import { exactAmount, formatAmount, type Scale } from '../format/amount.ts';

/** Where two texts of amounts begin to differ, counted so that digits of the same place are compared; null when equal. */
export const firstDifference = (text: string, other: string): number | null => {
  if (text === other) return null;
  const whole = (amount: string): string => amount.split('.')[0] ?? '';
  // Another number of whole digits differs from its first digit on.
  if (whole(text).length !== whole(other).length) return 0;
  let at = 0;
  while (at < text.length && text[at] === other[at]) at += 1;
  return at;
};

/** An amount whose digits stand out from the first one that differs from `against`. */
export const DiffAmount = ({
  value,
  against,
  scale,
}: {
  readonly value: Dec | null;
  readonly against: Dec | null;
  readonly scale: Scale;
}) => {
  if (value === null) return <span className="num quiet">–</span>;
  const shown = formatAmount(value, scale);
  const other = against === null ? null : formatAmount(against, scale);
  // When rounding for display hides the difference, show every digit.
  const hidden = against !== null && against !== value && other?.text === shown.text;
  const text = hidden ? exactAmount(value) : shown.text;
  const at = against === null ? null : firstDifference(text, hidden ? exactAmount(against) : (other?.text ?? ''));
  return (
    <span className="num" title={shown.shortened ? shown.exact : undefined}>
      {at === null ? text : text.slice(0, at)}
      {at === null ? null : <mark className="digits">{text.slice(at)}</mark>}
    </span>
  );
};
