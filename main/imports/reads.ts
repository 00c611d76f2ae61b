import { listImports } from './list.ts';
import { previewImport } from './preview.ts';

/** What imports ask of the book, on the reader thread. */
export const importReads = {
  'import/preview': previewImport,
  'imports.list': listImports,
} as const;
