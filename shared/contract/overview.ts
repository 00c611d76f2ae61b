import { z } from 'zod';
import { connection } from './connections.ts';
import { SEVERITIES } from './conflicts.ts';
import { facet } from './grid.ts';
import { query } from './procedure.ts';
import { calendarDate, count, currency, decimal, id, instant, none } from './values.ts';

const workload = z.object({
  open: count,
  bySeverity: z.array(z.object({ severity: z.enum(SEVERITIES), count })),
  /** Business days since opened: 0, 1, 2-3, 4-5, more. */
  byAge: z.array(z.object({ label: z.string(), count })),
  byKind: z.array(facet),
});

export const overview = {
  'overview.get': query({
    summary: 'The morning’s state: freshness, open work, totals',
    http: { method: 'GET', path: '/overview' },
    input: none,
    output: z.object({
      asOf: calendarDate.nullable(),
      totals: z.array(z.object({ currency, marketValue: decimal })),
      counts: z.object({ portfolios: count, accounts: count, securities: count, positions: count }),
      connections: z.array(connection),
      conflicts: workload,
      breaks: workload.extend({ runId: id.nullable(), runAt: instant.nullable() }),
      recent: z.array(z.object({ at: instant, by: z.string(), what: z.string() })),
      needsLinking: count,
      quarantined: count,
    }),
    errors: [],
    access: 'viewer',
  }),
};
