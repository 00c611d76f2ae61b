import { z } from 'zod';
import { tryCalendarDate } from '../../../shared/model/date.ts';
import { abs, neg, sign, ZERO, type Dec } from '../../../shared/model/decimal.ts';
import type { TaxTerm } from '../../../shared/model/tax-lot.ts';
import type { ConnectorContext, QuarantinedRecord, TaxLotRecord } from '../connector.ts';
import { createJsonCutter } from '../json-cut.ts';
import { jsonDecimal, jsonFlag, jsonId, jsonText, toDec, toIdText, type JsonDecimal } from '../json.ts';
import type { Refusable } from '../or-refused.ts';
import { createQuarantine, readRecord } from '../quarantine.ts';
import { askedCurrency } from '../settings.ts';
import type { OrionPage } from './paging.ts';

/** Members of OrionUnrealizedDto that are read; all others are tolerated. */
const orionLot = z.object({
  id: jsonId,
  assetId: jsonId,
  accountId: jsonId,
  productId: jsonId,
  asOfDate: jsonText,
  acquiredDate: jsonText.nullish(),
  holdPeriodDate: jsonText.nullish(),
  longTermUnits: jsonDecimal.nullish(),
  shortTermUnits: jsonDecimal.nullish(),
  longTermCost: jsonDecimal.nullish(),
  shortTermCost: jsonDecimal.nullish(),
  isShort: jsonFlag.nullish(),
  isInherited: jsonFlag.nullish(),
  isUnknown: jsonFlag.nullish(),
});
type OrionLot = z.infer<typeof orionLot>;

export const LOTS_REFUSED: Refusable = {
  noun: 'tax lots',
  otherwise: 'leave tax_lots out of the streams of this connection',
};

/** Orion writes an empty date as the first of the year 1. */
const NO_DATE = '0001-01-01';
const isDate = (text: string | null | undefined): text is string => text != null && !text.startsWith(NO_DATE);
const dateOf = (text: string | null | undefined) => (isDate(text) ? tryCalendarDate(text) : null);
const amountOf = (value: JsonDecimal | null | undefined): Dec => (value == null ? ZERO : toDec(value));

interface Part {
  readonly term: TaxTerm;
  readonly units: Dec;
  readonly cost: Dec;
}

/** A lot has no quantity and cost of its own, but those of its long and its short term; usually one of them is nothing. */
const partsOf = (lot: OrionLot): readonly Part[] =>
  [
    { term: 'long' as const, units: amountOf(lot.longTermUnits), cost: amountOf(lot.longTermCost) },
    { term: 'short' as const, units: amountOf(lot.shortTermUnits), cost: amountOf(lot.shortTermCost) },
  ].filter(({ units, cost }) => sign(units) !== 0 || sign(cost) !== 0);

/** Turns pages of open tax lots into records. One reader a pass: it knows what came before. */
export function createOrionTaxLots(context: ConnectorContext) {
  const currency = askedCurrency(context);
  const known = new Set<string>();

  return (page: OrionPage): { taxLots: readonly TaxLotRecord[]; quarantined: readonly QuarantinedRecord[] } => {
    const quarantine = createQuarantine(createJsonCutter(page.text));
    const taxLots: TaxLotRecord[] = [];
    for (const [index, value] of page.items.entries()) {
      const pointer = `/${index + page.offset}`;
      const lot = readRecord(orionLot, value, quarantine, { pointer, idMember: 'id' });
      if (!lot) continue;
      const externalId = toIdText(lot.id);
      const refuse = (reason: string, path: string): void => quarantine.add(externalId, reason, path, pointer);
      const asOf = tryCalendarDate(lot.asOfDate);
      if (asOf === null) {
        refuse('asOfDate is not a date.', 'asOfDate');
        continue;
      }
      const acquiredOn = dateOf(lot.acquiredDate);
      if (acquiredOn === null && isDate(lot.acquiredDate)) {
        refuse('acquiredDate is not a date.', 'acquiredDate');
        continue;
      }
      const parts = partsOf(lot);
      if (parts.some(({ units }) => sign(units) < 0 && lot.isShort === false)) {
        refuse('The units are negative, but isShort says that the lot is not short.', 'isShort');
        continue;
      }
      if (known.size === known.add(externalId).size) {
        refuse('Orion sent this tax lot twice in one pass; the first one is used.', 'id');
        continue;
      }
      const heldFrom = lot.isInherited ? null : (dateOf(lot.holdPeriodDate) ?? acquiredOn);
      const both = parts.length > 1;
      for (const { term, units, cost } of parts)
        taxLots.push({
          // A lot of both terms is two: their units and costs are told apart, so their gains can be.
          externalId: both ? `${externalId}/${term}` : externalId,
          positionExternalId: toIdText(lot.assetId),
          accountExternalId: toIdText(lot.accountId),
          securityExternalId: toIdText(lot.productId),
          acquiredOn,
          heldFrom,
          term,
          quantity: lot.isShort ? neg(abs(units)) : units,
          // A cost of nothing that is marked as unknown is not a cost of nothing.
          costBasis: lot.isUnknown && sign(cost) === 0 ? null : cost,
          marketValue: null,
          currency,
          asOf,
          place: pointer,
        });
    }
    return { taxLots, quarantined: quarantine.take() };
  };
}
