import { applyImport } from './apply.ts';
import { rollBackImport } from './rollback.ts';

/** What imports write, each in one transaction on the writer thread. */
export const importJobs = {
  'import/apply': applyImport,
  'imports.rollback': rollBackImport,
} as const;
