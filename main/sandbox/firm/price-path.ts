import { fixed, minus, plus, times, withLastDigit, type Fixed } from './fixed.ts';
import type { RandomStream } from './random.ts';
import type { Security } from './security.ts';

/** Least daily move per number of decimals: well above any tolerance, so that yesterday’s price is never today’s by accident. */
const LEAST_MOVE: Readonly<Record<number, bigint>> = { 2: 3n, 3: 30n, 4: 160n };

const magnitude = (amount: Fixed): bigint => (amount.n < 0n ? -amount.n : amount.n);

function moved(price: Fixed, security: Security, day: number, random: RandomStream): Fixed {
  const [low, high] = security.type === 'bond' ? [6, 45] : [12, 220];
  const basisPoints = random.between(low, high, security.index, day);
  const up = random.chance(520, security.index, day + 100_000);
  const step = times(price, basisPoints, 10_000);
  const least = LEAST_MOVE[price.s] ?? 3n;
  const move = magnitude(step) < least ? { n: least, s: price.s } : step;
  const next = up || price.n < move.n * 4n ? plus(price, move) : minus(price, move);
  return withLastDigit(next);
}

/**
 * Prices of every security by day. Day 0 is the opening book’s, day 1 the first that platforms report.
 * All prices but cash end in a non-zero digit, so none is another one rounded.
 */
export function createPricePath(securities: readonly Security[], random: RandomStream): (day: number) => readonly Fixed[] {
  const days: (readonly Fixed[])[] = [securities.map((security) => security.openingPrice)];
  return (day) => {
    for (let next = days.length; next <= day; next += 1) {
      const before = days[next - 1] ?? [];
      days.push(
        securities.map((security) => {
          const last = before[security.index] ?? security.openingPrice;
          if (security.type === 'cash') return fixed(1, 0);
          const comparable =
            next === 1 && security.split ? withLastDigit(times(last, security.split.before, security.split.after)) : last;
          return moved(comparable, security, next, random);
        }),
      );
    }
    return days[day] ?? [];
  };
}
