import { join } from 'node:path';

/** The product's own migrations. */
export const MIGRATIONS = join(import.meta.dirname, '../../migrations/sqlite');
