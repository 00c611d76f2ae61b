import { addDays, type CalendarDate } from '../../../shared/model/date.ts';
import { minus, times, withLastDigit, type Fixed } from './fixed.ts';
import type { Firm } from './firm.ts';
import type { Position } from './position.ts';

/** A part of a position with the day it was bought on. */
export interface Lot {
  /** From 0 within its position. */
  readonly place: number;
  readonly acquired: CalendarDate;
  readonly units: Fixed;
  readonly cost: Fixed;
  readonly longTerm: boolean;
}

export interface FirmLots {
  /** The lots of one position as a platform keeps them on a day, oldest first; cash has none. */
  ofPosition(position: Position, day: number): readonly Lot[];
}

const MOST = 4;
const YEAR = 365;
/** Of a thousand positions: how many want a lot, name another cost, or another day, each on purpose. */
const ODD = { missing: 12, cost: 14, day: 14 } as const;

/** How the positions of the firm came together; `none` where a platform keeps no lots. Same firm, same lots. */
export function createLots(firm: Firm, lots: 'kept' | 'none'): FirmLots {
  const random = firm.random('lot');

  return {
    ofPosition({ record, security, quantity, cost }, day) {
      const units = quantity.n < 0n ? -quantity.n : quantity.n;
      if (lots === 'none' || cost === null || security.type === 'cash' || units === 0n) return [];
      const wanted = random.between(1, MOST, record, 0);
      const count = units < BigInt(wanted) ? 1 : wanted;
      const today = firm.date(day);
      const all: Lot[] = [];
      let age = random.between(600, 2600, record, 1);
      let [unitsLeft, costLeft] = [quantity, cost];
      for (let place = 0; place < count; place += 1) {
        const last = place === count - 1;
        const share = random.between(10, 45, record, 10 + place);
        const part = last ? unitsLeft : times(unitsLeft, share, 100);
        if (part.n === 0n) continue;
        const paid = last
          ? costLeft
          : withLastDigit(times(costLeft, random.between(share - 4, share + 4, record, 20 + place), 100));
        [unitsLeft, costLeft] = [minus(unitsLeft, part), minus(costLeft, paid)];
        all.push({ place, acquired: addDays(firm.date(1), -age), units: part, cost: paid, longTerm: false });
        age = Math.max(3, Math.floor((age * random.between(25, 80, record, 30 + place)) / 100));
      }
      const dated = all.map((lot) => ({ ...lot, longTerm: addDays(lot.acquired, YEAR + 1) < today }));
      const odd = random.below(1000, record, 40);
      const { missing, cost: costly, day: wrongDay } = ODD;
      if (odd < missing) return dated.slice(1);
      return dated.map((lot, place) => {
        if (place > 0) return lot;
        if (odd < missing + costly) return { ...lot, cost: withLastDigit(times(lot.cost, 1037, 1000)) };
        // The date is another one, the term still that of the true date.
        if (odd < missing + costly + wrongDay)
          return { ...lot, acquired: lot.longTerm ? addDays(today, -120) : addDays(lot.acquired, -700) };
        return lot;
      });
    },
  };
}
