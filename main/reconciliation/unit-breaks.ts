import { breakingFields, differenceOf, type BreakUnit, type UnitSide } from '../core/break-unit.ts';
import { classifyUnit } from '../core/break-classes.ts';
import { conflictSize } from '../core/conflict-size.ts';
import type { WritableDb } from '../store/handles.ts';
import { createAgreement } from './agreement.ts';
import { createBaseReader } from './base-values.ts';
import type { FoundBreak } from './break-writer.ts';
import { setByPerson } from './person-values.ts';
import type { RunTolerances } from './settings.ts';
import { sideOf, type BookPosition, type SideRecord } from './source-units.ts';

interface ComparedSide {
  readonly connectionId: number;
  readonly name: string;
  readonly asOf: string;
  readonly asOfDiffers: boolean;
}

const UNKNOWN_BASE: BreakUnit['base'] = { quantity: null, price: null };

/** Compares a position that both hold, exactly; answers its breaks, none when all is within tolerance. */
export function createUnitComparison(db: WritableDb, side: ComparedSide, tolerances: RunTolerances) {
  const readBase = createBaseReader(db, side);
  const othersAgree = createAgreement(db, tolerances);

  return (position: BookPosition, records: readonly SideRecord[]): FoundBreak[] => {
    const other = sideOf(side.name, records);
    const foreign = records.flatMap((r) => (r.currency !== null && r.currency !== position.currency ? [r.currency] : []))[0];
    if (foreign !== undefined) return [currencyBreak(position, other, foreign, side.name)];
    const fields = breakingFields(position.values, other.values, tolerances);
    if (fields.length === 0) return [];
    const unit: BreakUnit = {
      type: position.type,
      multiplier: position.multiplier,
      clearway: { name: 'Clearway', values: position.values, records: [position.values] },
      other,
      base: fields.includes('price') || fields.includes('quantity') ? readBase(position) : UNKNOWN_BASE,
    };
    const found = classifyUnit(unit, tolerances);
    const safe =
      !side.asOfDiffers &&
      records.length === 1 &&
      found.every(({ field, clearwayGives }) => {
        const value = other.values[field];
        return (
          !clearwayGives ||
          (value !== null && !setByPerson(position, field) && othersAgree(position.holdingId, field, value, side))
        );
      });

    return found.map((b) => {
      const clearway = position.values[b.field];
      const theirs = other.values[b.field];
      const size = conflictSize({
        field: b.field,
        clearway,
        sources: [theirs],
        quantity: position.values.quantity ?? other.values.quantity,
        price: other.values.price ?? position.values.price,
        marketValue: null,
        multiplier: position.multiplier,
      });
      return {
        ...subjectOf(position),
        field: b.field,
        class: b.class,
        sentence: b.sentence,
        severity: size.severity,
        clearway,
        other: theirs,
        difference: differenceOf(clearway, theirs),
        impact: size.impact,
        currency: position.currency,
        fixable: b.clearwayGives && safe,
      };
    });
  };
}

const subjectOf = ({ accountId, securityId, holdingId }: BookPosition) => ({
  accountId,
  securityId,
  holdingId,
  thing: String(securityId),
});

/** Amounts of two currencies cannot be compared: one break says so, whatever the numbers are. */
function currencyBreak(position: BookPosition, other: UnitSide, currency: string, name: string): FoundBreak {
  return {
    ...subjectOf(position),
    field: 'marketValue',
    class: 'unexplained',
    sentence: `Clearway states this position in ${position.currency}, ${name} in ${currency}; the amounts cannot be compared.`,
    severity: 2,
    clearway: position.values.marketValue,
    other: other.values.marketValue,
    difference: null,
    impact: null,
    currency: position.currency,
    fixable: false,
  };
}
