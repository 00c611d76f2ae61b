import { scaleOf, tryDec, type Dec } from '../../../shared/model/decimal.ts';

/** A number of the file with the decimals it was written with, which tell how far it may have been rounded. */
export interface Amount {
  readonly value: Dec;
  readonly decimals: number;
}

// OFX allows 32; more than this would no longer multiply exactly.
const MAX_CHARACTERS = 40;
const GROUPED = /^[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d*|(?:,\d{3}){2,})$/;
const COMMA = /^[+-]?\d*,\d+$/;
const EITHER = /^[+-]?[1-9]\d{0,2},\d{3}$/;

const decimalsOf = (text: string): number => /\.(\d*)/.exec(text)?.[1]?.length ?? 0;

/**
 * Reads an OFX amount: digits, sign, and a point or a comma before the decimals. `1,234.56` is grouped and clear;
 * `1,234` may be 1234 or 1.234 and is refused rather than guessed. Answers a plain reason when it cannot be read.
 */
export function readAmount(text: string): Amount | { readonly problem: string } {
  const trimmed = text.trim();
  const quoted = JSON.stringify(trimmed.slice(0, 40));
  if (EITHER.test(trimmed)) return { problem: `${quoted} can be read as thousands or as decimals` };
  const plain = GROUPED.test(trimmed) ? trimmed.replaceAll(',', '') : COMMA.test(trimmed) ? trimmed.replace(',', '.') : trimmed;
  const value = trimmed.length > MAX_CHARACTERS ? null : tryDec(plain);
  if (value !== null && value.length > MAX_CHARACTERS) return { problem: `${quoted} has more digits than an amount can have` };
  return value === null
    ? { problem: `${quoted} is not a number` }
    : { value, decimals: Math.max(decimalsOf(plain), scaleOf(value)) };
}
