import { Check, Minus } from 'lucide-react';
import { tryDec } from '../../../shared/model/decimal.ts';
import type { BreakRow } from '../../../shared/contract/reconciliation.ts';
import { Amount } from '../../components/amount.tsx';
import { DiffAmount } from '../../components/diff-amount.tsx';
import { FIELD_SCALE, MONEY, type Scale } from '../../format/amount.ts';

const HELD: Readonly<Record<string, string>> = { held: 'Held', not_held: 'Not held' };

export const scaleOfField = (field: BreakRow['field']): Scale =>
  field === 'presence' || field === 'cash' ? MONEY : FIELD_SCALE[field];

/** One side of a break: an amount with its differing digits marked, or whether the position is held. */
export const BreakValue = ({
  field,
  value,
  against = null,
}: {
  readonly field: BreakRow['field'];
  readonly value: string | null;
  readonly against?: string | null;
}) => {
  if (value === null) return <span className="quiet">–</span>;
  const amount = tryDec(value);
  if (amount === null) {
    return (
      <span className="badge">
        {value === 'held' ? <Check size={14} aria-hidden /> : <Minus size={14} aria-hidden />}
        {HELD[value] ?? value}
      </span>
    );
  }
  const other = against === null ? null : tryDec(against);
  return other === null ? (
    <Amount value={amount} scale={scaleOfField(field)} />
  ) : (
    <DiffAmount value={amount} against={other} scale={scaleOfField(field)} />
  );
};

/** A value as the grid and the clipboard hold it. */
export const plainBreakValue = (value: string | null): string | null => (value === null ? null : (HELD[value] ?? value));
