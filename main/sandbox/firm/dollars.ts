import { fixed, plus, rescale, times, type Fixed } from './fixed.ts';
import type { Position } from './position.ts';
import type { Security } from './security.ts';

/** Dollars for one unit of a currency, in ten-thousandths; fixed, so that replies depend on the seed alone. */
const RATES: Readonly<Record<Security['currency'], number>> = { USD: 10_000, EUR: 10_850, GBP: 12_730 };

export const inDollars = (amount: Fixed, currency: Security['currency'], decimals: number): Fixed =>
  currency === 'USD' ? amount : rescale(times(rescale(amount, 6), RATES[currency], 10_000), decimals);

/** What positions are worth together, in dollars and cents. */
export const totalValue = (positions: readonly Position[]): Fixed =>
  positions.reduce((total, { value, security }) => plus(total, inDollars(value, security.currency, 2)), fixed(0, 2));
