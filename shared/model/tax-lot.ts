/** The term of a gain, as a source says. */
export const TAX_TERMS = ['short', 'long'] as const;
export type TaxTerm = (typeof TAX_TERMS)[number];
