import type { Dec } from '../../shared/model/decimal.ts';

const LARGEST = 9223372036854775807n;
const SMALLEST = -9223372036854775808n;

/** An amount scaled by 10^8 as the generated `*_e8` columns are: cut after eight decimals, held at the ends of 64 bits. */
export function toE8(value: Dec): bigint {
  const [whole = '0', fraction = ''] = value.split('.');
  const units = BigInt(`${whole}${fraction.padEnd(8, '0').slice(0, 8)}`);
  return units > LARGEST ? LARGEST : units < SMALLEST ? SMALLEST : units;
}
