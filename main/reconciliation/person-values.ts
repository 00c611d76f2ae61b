import type { HoldingField } from '../../shared/model/holding.ts';

/** Where the values of a position came from, as stored with it. */
export interface Provenance {
  readonly origin: string;
  readonly fieldOrigins: string | null;
  readonly openingBase: string | null;
}

/** Tells whether a person put the value there. Values that came with the opening book are nobody's later decision. */
export function setByPerson({ origin, fieldOrigins, openingBase }: Provenance, field: HoldingField): boolean {
  const own = fieldOrigins === null ? undefined : (JSON.parse(fieldOrigins) as Partial<Record<HoldingField, string>>)[field];
  return (own ?? origin).startsWith('b:') && (own !== undefined || openingBase === null);
}
