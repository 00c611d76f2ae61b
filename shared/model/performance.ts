/** What a return runs over. `month`, `quarter` and `year` are closed; the others move on with each report. */
export const PERIOD_KINDS = [
  'month',
  'quarter',
  'year',
  'mtd',
  'qtd',
  'ytd',
  'one_year',
  'three_years',
  'five_years',
  'inception',
] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** Time-weighted, Modified Dietz, or money-weighted. */
export const RETURN_METHODS = ['twr', 'modified_dietz', 'irr'] as const;
export type ReturnMethod = (typeof RETURN_METHODS)[number];

/** Before or after the management fees. */
export const FEE_TREATMENTS = ['gross', 'net'] as const;
export type FeeTreatment = (typeof FEE_TREATMENTS)[number];
