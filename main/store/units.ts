/** A canonical decimal text as a whole number of 10^-scale: several times as fast as decimals where SQL asks row by row. */
export interface Units {
  readonly units: bigint;
  readonly scale: number;
}

export function toUnits(text: string): Units {
  const point = text.indexOf('.');
  return point < 0
    ? { units: BigInt(text), scale: 0 }
    : { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** The same amount counted in smaller units; `scale` is at least its own. */
export const inScale = (amount: Units, scale: number): bigint =>
  scale === amount.scale ? amount.units : amount.units * 10n ** BigInt(scale - amount.scale);

/** Canonical decimal text again. */
export function fromUnits(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
