import { z } from 'zod';
import { dec, tryDec, type Dec } from '../../shared/model/decimal.ts';
import { mayRepeatMember, repeatedMember } from './json-members.ts';
import { endOfString } from './json-scan.ts';

declare const lossless: unique symbol;

/** A parsed document. Its numbers can only be read through the schemas below, which lose no digit. */
export type LosslessJson = { readonly [lossless]: 'json' };
/** A JSON number that fits a Dec. */
export type JsonDecimal = { readonly [lossless]: 'decimal' };
/** An id: a JSON integer or non-empty text. */
export type JsonId = { readonly [lossless]: 'id' };

export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/**
 * A number token that a double may not hold is kept as text under this member. A real member of that name can only be
 * written as "\u0000" with the escape, so looking for the escape proves that a document has none.
 */
const EXACT = '\u0000';
const EXACT_ESCAPED = '"\\u0000"';

/**
 * Why plain JSON.parse is exact for most documents: a decimal of at most 15 significant digits survives
 * text -> double -> shortest text unchanged (IEEE 754, DBL_DIG = 15) within the normal range. So only tokens with 16 or
 * more digits, or an exponent of three or more digits (overflow, underflow), need their source text.
 */
const WIDE = 16;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isDigitOrPoint = (code: number): boolean => isDigit(code) || code === 46;

function hasWideRun(text: string): boolean {
  // Every run of 16 characters covers an index that is a multiple of 16, so looking at each sixteenth is enough. Most numbers
  // are short: one of 16 characters reaches eight to one side at least.
  for (let probe = WIDE - 1; probe < text.length; probe += WIDE) {
    if (!isDigitOrPoint(text.charCodeAt(probe))) continue;
    if (!isDigitOrPoint(text.charCodeAt(probe - 8)) && !isDigitOrPoint(text.charCodeAt(probe + 7))) continue;
    let start = probe;
    while (isDigitOrPoint(text.charCodeAt(start - 1))) start -= 1;
    let digits = 0;
    for (let i = start; isDigitOrPoint(text.charCodeAt(i)); i += 1) if (text.charCodeAt(i) !== 46) digits += 1;
    if (digits >= WIDE) return true;
  }
  return false;
}

const isWideToken = (token: string): boolean => {
  const [mantissa = '', exponent = ''] = token.split(/[eE]/);
  return mantissa.replace(/[-.]/g, '').length >= WIDE || exponent.replace(/[+-]/, '').length >= 3;
};

// A number stands after `:`, `,` or `[`; without that, CUSIPs such as 87612E106 would send every page down the slow path.
// It is looked for behind the E, which is rare before digits, so that most of the text is skipped.
const LONG_EXPONENT = /[eE](?=[+-]?\d{3})(?<=(?:^|[:,[])\s*-?\d[\d.]*[eE])/;
const NUMBER_TOKEN = /-?\d[\d.eE+-]*/y;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function keepWideTokens(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let i = 0; i < text.length;) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      i = endOfString(text, i);
    } else if (isDigit(code) || code === 45) {
      NUMBER_TOKEN.lastIndex = i;
      const token = NUMBER_TOKEN.exec(text)?.[0] ?? '-';
      if (isWideToken(token)) {
        if (!JSON_NUMBER.test(token)) throw new JsonError('The document is not valid JSON.');
        parts.push(text.slice(copied, i), `{${EXACT_ESCAPED}:"${token}"}`);
        copied = i + token.length;
      }
      i += token.length;
    } else {
      i += 1;
    }
  }
  return parts.join('') + text.slice(copied);
}

/** The text of a JSON body. Throws a JsonError when it is not UTF-8; a byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new JsonError('The text is not UTF-8.', { cause });
  }
}

/**
 * Parses JSON so that every number keeps all its digits. Throws a JsonError when the text is not JSON or an object in it
 * names a member twice.
 */
export function parseLossless(text: string): LosslessJson {
  // The escape alone is looked for first: it begins with a rare character, which makes the search four times faster.
  if (text.includes('\\u0000') && text.includes(EXACT_ESCAPED))
    throw new JsonError('The document uses a member name that no platform documents.');
  const whole = hasWideRun(text) || LONG_EXPONENT.test(text) ? keepWideTokens(text) : text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(whole);
  } catch (cause) {
    throw new JsonError('The document is not valid JSON.', { cause });
  }
  const twice = mayRepeatMember(whole, parsed) ? repeatedMember(whole) : null;
  if (twice !== null)
    throw new JsonError(`An object in it has two members named ${twice.slice(0, 60)}, and which one counts is not defined.`);
  return parsed as LosslessJson;
}

const exactToken = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, EXACT)) return null;
  return (value as Record<string, string>)[EXACT] ?? null;
};

const isJsonDecimal = (value: unknown): boolean => {
  if (typeof value === 'number') return value === 0 || (Math.abs(value) < 1e100 && Math.abs(value) > 1e-100);
  const token = exactToken(value);
  return token !== null && token.length <= 200 && tryDec(token) !== null;
};

const isJsonInteger = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isSafeInteger(value) : /^-?\d{1,40}$/.test(exactToken(value) ?? '');

/** The number of a document as canonical decimal, digit for digit. */
export function toDec(value: JsonDecimal): Dec {
  const held: unknown = value;
  if (typeof held !== 'number') return dec(exactToken(held) ?? '');
  const text = String(held);
  return text.includes('e') ? dec(text) : (text as Dec);
}

/** An id as text, whether it came as number or text. */
export const toIdText = (value: JsonId): string => {
  const held: unknown = value;
  return typeof held === 'string' ? held.trim() : (exactToken(held) ?? String(held));
};

const kindOf = (value: unknown): string => {
  if (typeof value === 'number' || exactToken(value) !== null) return 'a number';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'true or false';
  return Array.isArray(value) ? 'a list' : 'an object';
};

/** The end of a sentence that starts with the member's name. */
const wanted =
  (what: string) =>
  ({ input }: { readonly input?: unknown }): string => {
    if (input === undefined) return 'is missing';
    if (input === null) return 'is null';
    return `should be ${what} but is ${kindOf(input)}`;
  };

/** A JSON number. Text that looks like a number is schema drift and refused; so is a number beyond 100 digits. */
export const jsonDecimal = z.custom<JsonDecimal>(isJsonDecimal, {
  error: (issue) =>
    kindOf(issue.input) === 'a number' ? 'is a number too large or too small to keep exactly' : wanted('a number')(issue),
});

export const jsonId = z.custom<JsonId>((value) => isJsonInteger(value) || (typeof value === 'string' && value.trim() !== ''), {
  error: (issue) => (issue.input === '' ? 'is empty' : wanted('a whole number or text')(issue)),
});

export const jsonText = z.string({ error: wanted('text') });
export const jsonFlag = z.boolean({ error: wanted('true or false') });
/** A list whose items are checked one by one, so that a bad one does not spoil the rest. */
export const jsonList = z.custom<readonly LosslessJson[]>(Array.isArray, { error: wanted('a list') });

/** One of the documented values; any other is refused, not guessed at. */
export const jsonOneOf = <const V extends readonly [string, ...string[]]>(values: V) =>
  z.enum(values, {
    error: (issue) =>
      typeof issue.input === 'string'
        ? `has the value “${issue.input.slice(0, 60)}”, which this connector does not know`
        : wanted('text')(issue),
  });
