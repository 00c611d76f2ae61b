import { mul, ONE, type Dec } from '../../../shared/model/decimal.ts';
import { places } from './brief.ts';
import { checkPosition, isValuedInStatementCurrency } from './position-value.ts';
import type { PositionRow } from './position-rows.ts';
import type { StatementPosition } from './statement.ts';

/** Completes a position with what the multiplier of its security tells about its value. */
export function finishPosition(row: PositionRow, multiplier: Dec): StatementPosition {
  const { currency, rate } = row.currency;
  const stated = row.marketValue?.value ?? null;
  const converted = isValuedInStatementCurrency(row, multiplier);
  return {
    line: row.line,
    column: row.column,
    kind: row.kind,
    securityExternalId: row.security.externalId,
    side: row.side,
    subAccount: row.subAccount,
    quantity: row.units.value,
    price: row.price?.value ?? null,
    marketValue: converted ? null : stated,
    totalValue: converted || stated === null ? stated : rate === null ? null : rate === '1' ? stated : mul(stated, rate),
    currency,
    priceAsOf: row.priceAsOf,
    averageCost: row.averageCost,
    source401k: row.source401k,
    check: checkPosition(row, multiplier, converted ? (rate ?? ONE) : ONE),
  };
}

/** What an analyst should know about how the positions were read. */
export function positionWarnings(positions: readonly StatementPosition[]): string[] {
  const warn = (affected: readonly StatementPosition[], sentence: string): string[] => {
    return affected.length === 0 ? [] : [`${places(affected)}: ${sentence}`];
  };
  return [
    ...warn(
      positions.filter((p) => p.price === null),
      'the position has no price.',
    ),
    ...warn(
      positions.filter((p) => p.marketValue === null && p.totalValue === null),
      'the position has no market value.',
    ),
    ...warn(
      positions.filter((p) => p.marketValue === null && p.totalValue !== null),
      'the market value is in the currency of the statement while the price is in another; the market value is used for totals only.',
    ),
    ...warn(
      positions.filter((p) => p.averageCost !== null),
      'an average cost is stated; OFX does not say whether per unit or in all, so no cost basis is taken from it.',
    ),
  ];
}
