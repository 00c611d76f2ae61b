import { abs, neg, sign, type Dec } from '../../../shared/model/decimal.ts';
import { RowProblem } from './row-fields.ts';

export interface SignedTrade {
  readonly quantityDelta: Dec;
  readonly cashDelta: Dec;
  /** The row takes an earlier trade back. */
  readonly reversal: boolean;
  readonly flag: string | null;
}

/**
 * OFX signs amounts as the customer sees them: a purchase has units + and total -, a sale units - and total +. Both
 * signs turned round is a trade taken back. Some custodians leave the minus away; where only one reading is possible
 * it is taken and flagged, otherwise the row is refused.
 */
export function signTrade(side: 'buy' | 'sell', units: Dec, total: Dec, costs: Dec): SignedTrade {
  const direction = side === 'buy' ? 1 : -1;
  const unitsSign = sign(units) * direction;
  const totalSign = sign(total) * -direction;
  if (unitsSign >= 0 && totalSign >= 0) return { quantityDelta: units, cashDelta: total, reversal: false, flag: null };
  if (unitsSign <= 0 && totalSign <= 0)
    return {
      quantityDelta: units,
      cashDelta: total,
      reversal: true,
      flag: 'Units and total have the signs of the opposite trade; read as a trade taken back.',
    };
  if (side === 'buy' && sign(units) > 0)
    return {
      quantityDelta: units,
      cashDelta: neg(total),
      reversal: false,
      flag: 'The total of a purchase is written without its minus; read as cash paid.',
    };
  if (side === 'sell' && sign(units) > 0)
    return {
      quantityDelta: neg(abs(units)),
      cashDelta: total,
      reversal: false,
      flag: 'The units of a sale are written without their minus; read as units given.',
    };
  if (side === 'sell' && sign(costs) > 0)
    return {
      quantityDelta: units,
      cashDelta: total,
      reversal: false,
      flag: 'A sale cost cash; read as costs above the proceeds.',
    };
  throw new RowProblem(
    'TOTAL',
    `UNITS ${units} and TOTAL ${total} have the same sign, so it is not clear which way units and cash went.`,
  );
}
