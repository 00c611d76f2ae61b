export const importReads = {} as const;
