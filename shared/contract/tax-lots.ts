import { z } from 'zod';
import { PLATFORMS } from '../model/holding.ts';
import { TAX_TERMS } from '../model/tax-lot.ts';
import { gridPage, gridRequest } from './grid.ts';
import { query } from './procedure.ts';
import { calendarDate, count, currency, decimal, id, instant } from './values.ts';

export const TAX_LOT_COLUMNS = [
  'acquiredOn',
  'account',
  'accountNumber',
  'security',
  'ticker',
  'term',
  'quantity',
  'cost',
  'unitCost',
  'value',
  'gain',
  'currency',
  'source',
  'sum',
  'accountId',
  'securityId',
  'connectionId',
] as const;

/**
 * What the sum of a source’s lots says beside that source’s own position. Quantities must be equal, costs equal to the
 * cent; a cost that either side does not state is not compared. `no_position`: the source lists no such position.
 */
export const LOT_SUMS = ['agrees', 'differs', 'no_position'] as const;

export const taxLotRow = z.object({
  id,
  /** Null where the source does not know it. */
  acquiredOn: calendarDate.nullable(),
  account: z.string(),
  /** Null while the account of the source is not linked to one of the book. */
  accountId: id.nullable(),
  accountNumber: z.string(),
  security: z.string(),
  securityId: id.nullable(),
  ticker: z.string().nullable(),
  /** As the source says. */
  term: z.enum(TAX_TERMS).nullable(),
  /** The term does not fit the day from which the holding period counts: long is more than one year. */
  termDoubtful: z.boolean(),
  /** Short lots negative. */
  quantity: decimal,
  cost: decimal.nullable(),
  /** Cost by quantity in the terms of the price, so by 100 of face for bonds; to 8 decimals. */
  unitCost: decimal.nullable(),
  /** As the source states it, else quantity by the price of the source’s own position; null where that contradicts its own value. */
  value: decimal.nullable(),
  /** Value less cost, not realised; null where either is not known or the cost of a short lot has the sign of a long one. */
  gain: decimal.nullable(),
  currency,
  source: z.string(),
  connectionId: id,
  sum: z.enum(LOT_SUMS),
});
export type TaxLotRow = z.infer<typeof taxLotRow>;

/** Sums over some lots; a sum is null where one of them lacks the amount, so that no part is taken for the whole. */
export const lotSums = z.object({
  lots: count,
  quantity: decimal,
  cost: decimal.nullable(),
  value: decimal.nullable(),
  gain: decimal.nullable(),
});
export type LotSums = z.infer<typeof lotSums>;

export const taxLots = {
  'taxLots.page': query({
    summary: 'Open tax lots as each source reports them, with exact totals over everything that matches',
    http: { method: 'GET', path: '/tax-lots' },
    input: gridRequest(TAX_LOT_COLUMNS),
    output: gridPage(taxLotRow).extend({
      /** By currency. Sums run over what is known; `unvalued` lots have no gain and are in none. */
      totals: z.array(
        z.object({
          currency,
          cost: decimal,
          gain: decimal,
          shortTermGain: decimal,
          longTermGain: decimal,
          lots: count,
          unvalued: count,
          sources: count,
        }),
      ),
      /** Of the positions of the lots that match: those whose lots do not add up to the source’s own position. */
      differing: count,
    }),
    errors: [],
    access: 'viewer',
  }),
  'taxLots.get': query({
    summary: 'One tax lot: where it came from, the position it is a part of, and what its source said before',
    http: { method: 'GET', path: '/tax-lots/:id' },
    input: z.strictObject({ id }),
    output: z.object({
      row: taxLotRow,
      platform: z.enum(PLATFORMS),
      externalId: z.string(),
      /** The position of the book; null while its account or security is not linked. */
      holdingId: id.nullable(),
      receivedAt: instant,
      operationId: id,
      /** False once the source no longer lists it so. */
      current: z.boolean(),
      /** Earlier versions of the same lot, newest first. */
      versions: z.array(z.object({ row: taxLotRow, receivedAt: instant, operationId: id })),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'taxLots.ofHolding': query({
    summary: 'The tax lots of one position, by source, with their sums beside what that source says of the position',
    http: { method: 'GET', path: '/holdings/:id/tax-lots' },
    input: z.strictObject({ id }),
    output: z.object({
      /** One for each source that lists lots of the position, or lists lots but none of it. */
      sources: z.array(
        z.object({
          connectionId: id,
          source: z.string(),
          /** What the same source says of the position. */
          position: z.object({ quantity: decimal, cost: decimal.nullable(), asOf: calendarDate }).nullable(),
          sum: z.enum([...LOT_SUMS, 'no_lots']),
          /** Lots less position; null where not both are known. */
          quantityDifference: decimal.nullable(),
          costDifference: decimal.nullable(),
          total: lotSums,
          shortTerm: lotSums,
          longTerm: lotSums,
          /** Oldest first. */
          lots: z.array(taxLotRow),
        }),
      ),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
};
