import { dec, type Dec } from '../../../shared/model/decimal.ts';

/** An exact amount: `n` counted in units of 10^-`s`. Whole numbers only, so nothing is ever rounded unseen. */
export interface Fixed {
  readonly n: bigint;
  readonly s: number;
}

const POWERS: readonly bigint[] = Array.from({ length: 40 }, (_, i) => 10n ** BigInt(i));
export const powerOfTen = (exponent: number): bigint => POWERS[exponent] ?? 10n ** BigInt(exponent);

export const fixed = (n: bigint | number, s: number): Fixed => ({ n: BigInt(n), s });

/** n / d, ties to even. */
function divideHalfEven(n: bigint, d: bigint): bigint {
  const quotient = n / d;
  const twice = (n - quotient * d) * 2n;
  const magnitude = twice < 0n ? -twice : twice;
  if (magnitude < d || (magnitude === d && quotient % 2n === 0n)) return quotient;
  return n < 0n ? quotient - 1n : quotient + 1n;
}

/** The amount with `s` decimals, ties to even. */
export function rescale(amount: Fixed, s: number): Fixed {
  if (s === amount.s) return amount;
  if (s > amount.s) return { n: amount.n * powerOfTen(s - amount.s), s };
  return { n: divideHalfEven(amount.n, powerOfTen(amount.s - s)), s };
}

export const times = (amount: Fixed, numerator: number, denominator: number): Fixed => ({
  n: divideHalfEven(amount.n * BigInt(numerator), BigInt(denominator)),
  s: amount.s,
});

export function plus(a: Fixed, b: Fixed): Fixed {
  const s = Math.max(a.s, b.s);
  return { n: rescale(a, s).n + rescale(b, s).n, s };
}

export const minus = (a: Fixed, b: Fixed): Fixed => plus(a, { n: -b.n, s: b.s });

/** quantity x price x 10^`power`, rounded to cents (ties to even). */
export function valueOf(quantity: Fixed, price: Fixed, power: number): Fixed {
  const s = quantity.s + price.s - power;
  const product = quantity.n * price.n;
  return s >= 0 ? rescale({ n: product, s }, 2) : rescale({ n: product * powerOfTen(-s), s: 0 }, 2);
}

/** Moves the last digit off zero, so that the amount has exactly `s` decimals however it is written. */
export const withLastDigit = (amount: Fixed): Fixed =>
  amount.n % 10n === 0n ? { n: amount.n + (amount.n < 0n ? -1n : 1n), s: amount.s } : amount;

/** All digits as stored: 12500.00. */
export function storedText(amount: Fixed): string {
  if (amount.s === 0) return amount.n.toString();
  const negative = amount.n < 0n;
  const digits = (negative ? -amount.n : amount.n).toString().padStart(amount.s + 1, '0');
  const point = digits.length - amount.s;
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Without trailing zeros: 12500, 152.5. */
export function plainText(amount: Fixed): string {
  let { n, s } = amount;
  while (s > 0 && n % 10n === 0n) {
    n /= 10n;
    s -= 1;
  }
  return storedText({ n, s });
}

export const toDec = (amount: Fixed): Dec => dec(plainText(amount));
