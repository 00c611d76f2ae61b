import { join } from 'node:path';
import { createLineFile, type LineFile } from './line-file.ts';

/** Where the head of the audit trail is noted: in the folder that CLEARWAY_ANCHORS names, best on another disk, or in that of the book. */
export const auditAnchorFile = (dataDir: string, env: Readonly<Record<string, string | undefined>>): LineFile =>
  createLineFile(join(env['CLEARWAY_ANCHORS'] || dataDir, 'audit-anchors.jsonl'));
