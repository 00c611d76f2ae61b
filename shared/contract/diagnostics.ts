import { z } from 'zod';
import { command } from './procedure.ts';
import { count, id, none } from './values.ts';

const bundleFile = z.object({ name: z.string(), what: z.string(), bytes: count, text: z.string() });

export const diagnostics = {
  'diagnostics.prepare': command({
    summary: 'Put together what a support desk needs, without secrets or personal data, and show it file by file',
    http: { method: 'POST', path: '/diagnostics' },
    input: none,
    output: z.object({ bundleId: id, files: z.array(bundleFile) }),
    errors: [],
    access: 'admin',
    audit: { none: 'It only looks; what it found stays in the program until it is saved' },
  }),
  'diagnostics.save': command({
    summary: 'The prepared files as one zip archive, exactly as they were shown',
    http: { method: 'POST', path: '/diagnostics/:bundleId/save' },
    input: z.strictObject({ bundleId: id }),
    output: z.object({
      fileName: z.string(),
      contentType: z.literal('application/zip'),
      bytes: count,
      /** The archive as base64. */
      content: z.string(),
    }),
    errors: ['not_found'],
    access: 'admin',
    audit: { event: 'diagnostic_bundle_saved' },
  }),
};
