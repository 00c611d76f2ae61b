import { z } from 'zod';
import type { CalendarDate } from '../../../shared/model/date.ts';
import { jsonAnswer, readFrame, refusal, zipAnswer } from '../answers.ts';
import { ConnectorError, type ConnectorContext } from '../connector.ts';
import { cursorExpired } from '../cursors.ts';
import { jsonId, toIdText } from '../json.ts';
import type { PlatformClient } from '../platform-client.ts';
import { askedCount, setting } from '../settings.ts';
import { askedWindow } from '../transactions.ts';
import { createMemberFold } from './member-fold.ts';
import { BLACK_DIAMOND } from './credentials.ts';
import type { BlackDiamondSession } from './session.ts';

const foldSubmitted = createMemberFold(['id', 'batchId']);
const submitted = z.union([
  jsonId,
  z.preprocess(
    foldSubmitted,
    z.union([
      z.object({ id: jsonId }).transform(({ id }) => id),
      z.object({ batchId: jsonId }).transform(({ batchId }) => batchId),
    ]),
  ),
]);

/** Clients send three forms; the server seems lenient, so the form is a setting. */
const dateText = (context: ConnectorContext, date: CalendarDate): string => {
  const [year, month, day] = date.split('-');
  switch (setting(context, 'dateFormat', 'YYYY-MM-DD').toUpperCase()) {
    case 'MM-DD-YYYY':
      return `${month}-${day}-${year}`;
    case 'MM/DD/YYYY':
      return `${month}/${day}/${year}`;
    default:
      return date;
  }
};

/** Starts the daily extract. Resolves with the id of the batch. */
export async function submitBatch(context: ConnectorContext, session: BlackDiamondSession, asOf: CalendarDate): Promise<string> {
  const doing = 'start the batch';
  const callback = setting(context, 'callbackUrl', '');
  const response = await session.call({
    method: 'POST',
    path: '/batchV5',
    doing,
    body: {
      returnDate: dateText(context, asOf),
      batchFiles: ['Accounts', 'Relationships'],
      includeHoldings: true,
      includeTransactions: askedWindow(context) !== 'none',
      SendToFTP: false,
      ...(callback === '' ? {} : { CallbackUrl: callback }),
    },
  });
  return toIdText(readFrame(BLACK_DIAMOND, submitted, jsonAnswer(BLACK_DIAMOND, response, doing), 'answer to the batch'));
}

const LONGEST_POLL_MS = 60_000;
const POLL_GROWTH = 1.5;
const PATIENCE_MS = 4 * 3_600_000;

/** Waits until the batch is ready and fetches its archive; `cursor_expired` when the platform no longer has it. */
export async function awaitBatch(
  context: ConnectorContext,
  session: BlackDiamondSession,
  client: PlatformClient,
  batchId: string,
): Promise<Uint8Array> {
  const doing = 'fetch the batch';
  let waited = 0;
  for (
    let pause = askedCount(context, 'pollSeconds', 1, 3600) * 1000;
    waited < PATIENCE_MS;
    pause = Math.max(pause, Math.min(LONGEST_POLL_MS, pause * POLL_GROWTH))
  ) {
    const response = await session.call({ method: 'GET', path: `/batch/${encodeURIComponent(batchId)}`, doing });
    if (response.status === 404 || response.status === 410) {
      context.log('Black Diamond no longer has the batch', { reason: refusal(BLACK_DIAMOND, response, doing).message });
      throw cursorExpired('Black Diamond no longer has the batch this sync was reading. The pass starts again.');
    }
    if (response.status !== 202) return zipAnswer(BLACK_DIAMOND, response, doing);
    await client.wait(pause);
    waited += pause;
  }
  throw new ConnectorError('unavailable', 'Black Diamond did not finish the batch within 4 hours. Try again later.');
}
