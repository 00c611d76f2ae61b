import type { Dec } from '../../shared/model/decimal.ts';
import { formatAmount, formatSigned, MONEY, type Scale } from '../format/amount.ts';

/** An exact amount: tabular digits, exact value in the tooltip when shortened, a dash when there is none. */
export const Amount = ({
  value,
  scale = MONEY,
  currency,
  aligned = false,
  signed = false,
}: {
  readonly value: Dec | null;
  readonly scale?: Scale;
  readonly currency?: string;
  /** Pads so that decimal points of a column stand under each other. */
  readonly aligned?: boolean;
  readonly signed?: boolean;
}) => {
  if (value === null) return <span className="num quiet">–</span>;
  const { text, pad, exact, shortened } = formatAmount(value, scale);
  return (
    <span className="num" title={shortened ? `${exact}${currency === undefined ? '' : ` ${currency}`}` : undefined}>
      {signed ? formatSigned(value, scale) : text}
      {aligned && pad !== '' ? (
        <span className="num__pad" aria-hidden>
          {pad}
        </span>
      ) : null}
      {currency === undefined ? null : <span className="quiet"> {currency}</span>}
    </span>
  );
};
