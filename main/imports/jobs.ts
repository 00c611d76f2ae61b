export const importJobs = {} as const;
