import { z } from 'zod';
import { previousBusinessDay } from '../../../shared/model/date.ts';
import { jsonAnswer, platformMessage, readFrame } from '../answers.ts';
import type { Connector, ConnectorContext } from '../connector.ts';
import { AS_OF, optionalField } from '../fields.ts';
import { jsonList } from '../json.ts';
import { createPlatformClient, type ConnectorPorts } from '../platform-client.ts';
import { createRateBudget } from '../rate-budget.ts';
import { askedDate, trimmedBase } from '../settings.ts';
import { TRANSACTION_TYPE_FIELD } from '../transactions.ts';
import { BLACK_DIAMOND, BLACK_DIAMOND_CREDENTIALS } from './credentials.ts';
import { pullBlackDiamond } from './pull.ts';
import { createBlackDiamondSession } from './session.ts';

/** Black Diamond publishes no limits; this is the program's default for one platform account. */
const RATE_BUDGETS = [{ requests: 1000, windowMs: 60_000 }] as const;

const holdingSearch = z.object({ data: jsonList });

const budgetKey: Connector['budgetKey'] = (facts) => `${trimmedBase(facts)} ${facts.credentials['clientId'] ?? ''}`;

export function createBlackDiamond(ports: ConnectorPorts): Connector {
  const budget = createRateBudget(RATE_BUDGETS, () => ports.clock.monotonicMs(), ports.requests);
  const open = (context: ConnectorContext) => {
    const client = createPlatformClient({
      platform: BLACK_DIAMOND,
      context,
      ports,
      budget,
      maxBudgetWaitMs: 60_000,
      budgetKey: budgetKey(context),
    });
    return { client, session: createBlackDiamondSession(context, client) };
  };

  return {
    platform: 'black_diamond',
    name: BLACK_DIAMOND,
    defaultBaseUrl: 'https://api.blackdiamondwealthplatform.com',
    credentials: BLACK_DIAMOND_CREDENTIALS,
    settings: [
      optionalField(
        'tokenUrl',
        'Token address',
        'Where sign-ins are exchanged and renewed. Default https://login.bdreporting.com/connect/token.',
      ),
      optionalField(
        'allowPasswordGrant',
        'Sign in with the password',
        'yes allows it: the password is sent once and not stored. Default no: sign in with the browser.',
      ),
      AS_OF,
      optionalField(
        'currency',
        'Currency',
        'Currency of all amounts; Black Diamond names none. Empty: each position is in the currency of its security.',
      ),
      optionalField('dateFormat', 'Date format', 'YYYY-MM-DD (default), MM-DD-YYYY or MM/DD/YYYY, as the server wants it.'),
      optionalField(
        'transactionDays',
        'Days of transactions',
        '0 for none. Any other value reads what a batch covers when no range is named: the last 7 days.',
      ),
      TRANSACTION_TYPE_FIELD,
      optionalField('issueTypes', 'Issue types', 'Own readings such as Municipal=bond, Sweep=cash.'),
      optionalField(
        'pollSeconds',
        'Seconds between polls',
        'First pause while a batch is made; it grows to a minute. Default 1.',
      ),
      optionalField(
        'callbackUrl',
        'Callback address',
        'Public address that Black Diamond calls when a batch is ready. Empty: it is polled only.',
      ),
      optionalField('pageSize', 'Page size', 'Positions per stored page, up to 20,000. Default 5,000.'),
    ],
    rateBudgets: RATE_BUDGETS,
    budgetKey,

    test: async (context) => {
      // An account nobody has: the answer is empty or a refusal in JSON, and both prove token and subscription key.
      const doing = 'search holdings';
      const asOf = askedDate(context, previousBusinessDay(context.today));
      const body = { accountID: '0', asOf, onlyCurrentHoldings: true, limit: 1, include: { returnInfo: false, assets: false } };
      const response = await open(context).session.call({
        method: 'POST',
        path: '/account/Query/HoldingDetailSearch',
        body,
        doing,
      });
      const unknownAccount = (response.status === 400 || response.status === 404) && platformMessage(response) !== '';
      if (!unknownAccount) readFrame(BLACK_DIAMOND, holdingSearch, jsonAnswer(BLACK_DIAMOND, response, doing), 'holding search');
      return 'Signed in; the subscription key is accepted.';
    },

    async *pull(context, cursor) {
      const { client, session } = open(context);
      yield* pullBlackDiamond(context, cursor, client, session);
    },
  };
}
