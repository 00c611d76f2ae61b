import { jsonAnswer } from '../answers.ts';
import type { Connector, ConnectorContext } from '../connector.ts';
import { AS_OF, optionalField } from '../fields.ts';
import { PERFORMANCE_MONTHS_FIELD } from '../periods.ts';
import { createPlatformClient, type ConnectorPorts, type PlatformClient } from '../platform-client.ts';
import { createRateBudget } from '../rate-budget.ts';
import { setting, trimmedBase } from '../settings.ts';
import { TRANSACTION_DAYS_FIELD, TRANSACTION_TYPE_FIELD } from '../transactions.ts';
import { ADDEPAR, ADDEPAR_CREDENTIALS, createAddeparAccess, FIRM_ID } from './access.ts';
import { pullAddepar } from './pull.ts';

/** Limits of the documents: per firm, for all its keys together. */
const RATE_BUDGETS = [
  { requests: 50, windowMs: 15 * 60_000 },
  { requests: 1000, windowMs: 24 * 3_600_000 },
] as const;
/** Waiting out the short window beats starting the pass again; the daily one is for the scheduler. */
const MAX_BUDGET_WAIT_MS = 15 * 60_000;

const budgetKey: Connector['budgetKey'] = (facts) => `${trimmedBase(facts)} ${setting(facts, FIRM_ID.key, '')}`;

export function createAddepar(ports: ConnectorPorts): Connector {
  const budget = createRateBudget(RATE_BUDGETS, () => ports.clock.monotonicMs(), ports.requests);
  const clientFor = (context: ConnectorContext): PlatformClient =>
    createPlatformClient({
      platform: ADDEPAR,
      context,
      ports,
      budget,
      maxBudgetWaitMs: MAX_BUDGET_WAIT_MS,
      budgetKey: budgetKey(context),
    });

  return {
    platform: 'addepar',
    name: ADDEPAR,
    defaultBaseUrl: 'https://FIRM.addepar.com/api',
    credentials: ADDEPAR_CREDENTIALS,
    settings: [
      FIRM_ID,
      AS_OF,
      optionalField(
        'currency',
        'Currency',
        'Currency that values are converted to. Empty: each position stays in the currency of its security.',
      ),
      optionalField('portfolioType', 'Portfolio type', 'FIRM_ACCOUNTS (default) or FIRM.'),
      optionalField('useJobs', 'Use jobs', 'yes for large firms, whose query takes longer than 60 seconds.'),
      optionalField('households', 'Households', 'no leaves households out and saves a few requests. Default yes.'),
      TRANSACTION_DAYS_FIELD,
      TRANSACTION_TYPE_FIELD,
      PERFORMANCE_MONTHS_FIELD,
      optionalField('pageSize', 'Page size', 'Positions per stored page, up to 20,000. Default 5,000.'),
    ],
    rateBudgets: RATE_BUDGETS,
    budgetKey,

    test: async (context) => {
      const doing = 'list entities';
      jsonAnswer(ADDEPAR, await createAddeparAccess(context, clientFor(context)).get('/v1/entities?page[limit]=1', doing), doing);
      return 'Signed in and able to read entities.';
    },

    async *pull(context, cursor) {
      const stop = new AbortController();
      const within = { ...context, signal: AbortSignal.any([context.signal, stop.signal]) };
      const client = clientFor(within);
      try {
        yield* pullAddepar(within, cursor, client, createAddeparAccess(within, client));
      } finally {
        stop.abort();
      }
    },
  };
}
