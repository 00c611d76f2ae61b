import { tryDec, type Dec } from '../../shared/model/decimal.ts';
import type { Output } from '../../shared/contract/index.ts';

export type Tolerances = Output<'settings.get'>['tolerances'];
export type ToleranceField = keyof Tolerances;
export type ToleranceDraft = Readonly<Record<ToleranceField, { readonly absolute: string; readonly relative: string }>>;

export const TOLERANCE_FIELDS: readonly ToleranceField[] = ['quantity', 'price', 'marketValue', 'costBasis', 'cash'];

/** A bound as typed: zero or more, as canonical text; null when it is none. */
export const readBound = (text: string): Dec | null => {
  const value = tryDec(text.trim());
  return value === null || value.startsWith('-') ? null : value;
};

/** The tolerances a form stands for; null while one of them is no number. */
export const readTolerances = (draft: ToleranceDraft): Tolerances | null => {
  const read = TOLERANCE_FIELDS.flatMap((field) => {
    const absolute = readBound(draft[field].absolute);
    const relative = readBound(draft[field].relative);
    return absolute === null || relative === null ? [] : [[field, { absolute, relative }] as const];
  });
  return read.length < TOLERANCE_FIELDS.length ? null : (Object.fromEntries(read) as Tolerances);
};

export const sameTolerances = (a: Tolerances, b: Tolerances): boolean =>
  TOLERANCE_FIELDS.every((field) => a[field].absolute === b[field].absolute && a[field].relative === b[field].relative);
