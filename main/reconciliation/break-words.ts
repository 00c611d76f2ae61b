import type { BreakRow } from '../../shared/contract/reconciliation.ts';

export const SEVERITY_CODES: Readonly<Record<BreakRow['severity'], number>> = { critical: 0, high: 1, medium: 2, low: 3 };
export const severityName = (code: number): BreakRow['severity'] =>
  (['critical', 'high', 'medium', 'low'] as const)[code] ?? 'low';

const SPECIAL: Readonly<Record<string, string>> = {
  marketValue: 'Market value',
  costBasis: 'Cost basis',
  presence: 'Held or not',
  etf: 'ETF',
};

/** A word of the contract as a person reads it. */
export const labelOf = (value: string): string =>
  SPECIAL[value] ?? `${value.charAt(0).toUpperCase()}${value.slice(1).replaceAll('_', ' ')}`;
