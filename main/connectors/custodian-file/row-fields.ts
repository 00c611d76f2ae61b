import type { CalendarDate } from '../../../shared/model/date.ts';
import type { Dec } from '../../../shared/model/decimal.ts';
import { placeOf } from './brief.ts';
import type { Element } from './element-tree.ts';
import { readAmount, type Amount } from './ofx-amount.ts';
import { readOfxDate } from './ofx-date.ts';
import type { RejectedRow } from './statement.ts';

/** Why one row cannot be taken; caught at the row, so that the rest of the file is still read. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem';
  readonly path: string;
  constructor(path: string, sentence: string) {
    super(sentence);
    this.path = path;
  }
}

export const childrenOf = (element: Element | null, tag: string): Element[] =>
  element?.children.filter((child) => child.tag === tag) ?? [];

/** The one child aggregate of that name, or null. Two of them would make the row ambiguous. */
export function childOf(element: Element | null, tag: string): Element | null {
  const [first, second] = childrenOf(element, tag);
  if (second) throw new RowProblem(tag, `${tag} stands twice, so it is not clear which one counts.`);
  return first ?? null;
}

/** Text of a value tag; null when it is absent or empty. */
export function textOf(element: Element | null, tag: string): string | null {
  const values = new Set(childrenOf(element, tag).map((child) => child.text ?? ''));
  if (values.size > 1)
    throw new RowProblem(tag, `${tag} stands twice with different values, so it is not clear which one counts.`);
  const [value] = values;
  return value === undefined || value === '' ? null : value;
}

export function requiredText(element: Element | null, tag: string): string {
  const value = textOf(element, tag);
  if (value === null) throw new RowProblem(tag, `${tag} is missing.`);
  return value;
}

/** Text of a tag with a fixed set of values, in upper case. */
export const codeOf = (element: Element | null, tag: string): string | null => textOf(element, tag)?.toUpperCase() ?? null;

export function amountOf(element: Element | null, tag: string): Amount | null {
  const text = textOf(element, tag);
  if (text === null) return null;
  const amount = readAmount(text);
  if ('problem' in amount) throw new RowProblem(tag, `${tag} ${amount.problem}.`);
  return amount;
}

export const valueOf = (element: Element | null, tag: string): Dec | null => amountOf(element, tag)?.value ?? null;

export function requiredAmount(element: Element | null, tag: string): Amount {
  const amount = amountOf(element, tag);
  if (amount === null) throw new RowProblem(tag, `${tag} is missing.`);
  return amount;
}

export function dateOf(element: Element | null, tag: string): CalendarDate | null {
  const text = textOf(element, tag);
  if (text === null) return null;
  const date = readOfxDate(text);
  if (date === null) throw new RowProblem(tag, `${tag} ${JSON.stringify(text.slice(0, 40))} is not a date.`);
  return date;
}

export function requiredDate(element: Element | null, tag: string): CalendarDate {
  const date = dateOf(element, tag);
  if (date === null) throw new RowProblem(tag, `${tag} is missing.`);
  return date;
}

export interface RowCurrency {
  readonly currency: string;
  /** Statement currency per unit of `currency`; null when the file gives none. `1` in the statement's own currency. */
  readonly rate: Dec | null;
}

/**
 * The currency of a row's amounts: CURRENCY overrides the statement's. ORIGCURRENCY does not, because there the amounts
 * are converted already.
 */
export function currencyOf(element: Element | null, statementCurrency: string): RowCurrency {
  const override = childOf(element, 'CURRENCY');
  if (override === null) return { currency: statementCurrency, rate: '1' as Dec };
  const symbol = requiredText(override, 'CURSYM').toUpperCase();
  if (!/^[A-Z]{3}$/.test(symbol))
    throw new RowProblem('CURSYM', `CURSYM ${JSON.stringify(symbol.slice(0, 20))} is not a currency code.`);
  if (symbol === statementCurrency) return { currency: symbol, rate: '1' as Dec };
  const rate = valueOf(override, 'CURRATE');
  return { currency: symbol, rate: rate === null || rate === '0' || rate.startsWith('-') ? null : rate };
}

function idWhereReadable(row: Element, idOf: (row: Element) => string | null): string | null {
  try {
    return idOf(row);
  } catch (problem) {
    if (problem instanceof RowProblem) return null;
    throw problem;
  }
}

/** Reads each row; one that cannot be taken is kept with its reason and its text as received. */
export function readRows<T>(
  rows: readonly Element[],
  source: string,
  rejected: RejectedRow[],
  read: (row: Element) => T,
  idOf: (row: Element) => string | null = () => null,
): T[] {
  const taken: T[] = [];
  for (const row of rows) {
    try {
      taken.push(read(row));
    } catch (problem) {
      if (!(problem instanceof RowProblem)) throw problem;
      rejected.push({
        line: row.line,
        column: row.column,
        tag: row.tag,
        externalId: idWhereReadable(row, idOf),
        reason: `L${placeOf(row).slice(1)}: ${row.tag} was not taken: ${problem.message}`,
        path: `${row.tag}/${problem.path}`,
        raw: source.slice(row.start, Math.min(row.end, row.start + 4_000)),
      });
    }
  }
  return taken;
}
