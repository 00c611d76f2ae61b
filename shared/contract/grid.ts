import { z } from 'zod';
import { count } from './values.ts';

/** Comparisons a column can be filtered by. `in` takes a list; `blank` ignores its value. */
export const FILTER_OPERATORS = ['is', 'in', 'contains', 'atLeast', 'atMost', 'blank', 'notBlank'] as const;

export const MAX_PAGE = 1000;

/** What a grid asks for: a window of rows, sorted, filtered by known columns, with free-text search. */
export const gridRequest = <const C extends readonly [string, ...string[]]>(columns: C) =>
  z.strictObject({
    offset: count.default(0),
    limit: z.int().min(1).max(MAX_PAGE).default(200),
    sort: z
      .array(z.strictObject({ column: z.enum(columns), direction: z.enum(['asc', 'desc']) }))
      .max(3)
      .default([]),
    ...gridFilter(columns).shape,
  });

/** The part of a grid request that says which rows, without window or order. */
export const gridFilter = <const C extends readonly [string, ...string[]]>(columns: C) =>
  z.strictObject({
    search: z.string().max(200).default(''),
    filters: z
      .array(
        z.strictObject({
          column: z.enum(columns),
          operator: z.enum(FILTER_OPERATORS),
          value: z.union([z.string().max(200), z.array(z.string().max(200)).max(500)]).default(''),
        }),
      )
      .max(20)
      .default([]),
  });

export const gridPage = <R extends z.ZodType>(row: R) => z.object({ rows: z.array(row), total: count });

/** Values of one column with the number of matching rows, most frequent first. */
export const facet = z.object({ value: z.string(), label: z.string(), count });
