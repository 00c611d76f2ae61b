import { Check, Minus } from 'lucide-react';
import { tryDec } from '../../../shared/model/decimal.ts';
import type { ConflictField } from '../../../shared/model/holding.ts';
import { Amount } from '../../components/amount.tsx';
import { DiffAmount } from '../../components/diff-amount.tsx';
import { FIELD_SCALE } from '../../format/amount.ts';
import { valueWords } from './decision.ts';

/** A value in dispute: an amount, its digits marked from the first that differs from `against`, or whether the position is held. */
export const ConflictValue = ({
  field,
  value,
  against = null,
  bare = false,
}: {
  readonly field: ConflictField;
  readonly value: string | null;
  readonly against?: string | null;
  /** Without an icon of its own, where another stands beside it. */
  readonly bare?: boolean;
}) => {
  if (value === null) return <span className="quiet">–</span>;
  if (field === 'presence') {
    return (
      <span className="presence">
        {bare ? null : value === 'held' ? <Check size={14} aria-hidden /> : <Minus size={14} aria-hidden />}
        {valueWords(value)}
      </span>
    );
  }
  const amount = tryDec(value);
  const scale = FIELD_SCALE[field];
  if (against === null) return <Amount value={amount} scale={scale} />;
  return <DiffAmount value={amount} against={tryDec(against)} scale={scale} />;
};
