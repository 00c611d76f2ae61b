import { z } from 'zod';
import { addDays, calendarDate, previousBusinessDay, type CalendarDate } from '../../../shared/model/date.ts';
import { ConnectorError, type ConnectorContext, type Cursor, type SourcePage } from '../connector.ts';
import { cursorExpired, decodeCursor, encodeCursor } from '../cursors.ts';
import { createJsonCutter } from '../json-cut.ts';
import { oneAhead } from '../one-ahead.ts';
import type { PlatformClient } from '../platform-client.ts';
import { createQuarantine } from '../quarantine.ts';
import { askedCount, askedDate } from '../settings.ts';
import { askedWindow } from '../transactions.ts';
import { openZip, ZipError, type ZipMember } from '../zip.ts';
import { awaitBatch, submitBatch } from './batch.ts';
import { readFile, sortFiles } from './batch-files.ts';
import { createAccountReader } from './positions.ts';
import { createRelationships } from './relationships.ts';
import type { BlackDiamondSession } from './session.ts';
import { BATCH_DAYS, createTransactionReader } from './transactions.ts';

const HOLDINGS_PER_PAGE = 5000;

const cursorSchema = z.object({ asOf: z.iso.date(), batchId: z.string(), file: z.string(), account: z.int().nonnegative() });

const damaged = (cause: unknown): unknown =>
  cause instanceof ZipError
    ? new ConnectorError('bad_response', `Black Diamond’s batch cannot be used. ${cause.message} Try again later.`, { cause })
    : cause;

/** One pass over one batch; a resumed pass fetches the same batch again. */
export async function* pullBlackDiamond(
  context: ConnectorContext,
  cursor: Cursor | null,
  client: PlatformClient,
  session: BlackDiamondSession,
): AsyncGenerator<SourcePage, void, undefined> {
  const from = cursor === null ? null : decodeCursor(cursorSchema, cursor);
  // A resumed pass keeps its date and its batch, or it would mix two extracts.
  const asOf = from ? calendarDate(from.asOf) : askedDate(context, previousBusinessDay(context.today));
  const batchId = from?.batchId ?? (await submitBatch(context, session, asOf));
  const raw = await awaitBatch(context, session, client, batchId);
  try {
    const files = await sortFiles(await openZip(raw), context.log);
    const relationships = createRelationships();
    for (const member of files.relationships) relationships.read((await readFile(member)).items);
    const transactions = createTransactionReader(context);
    const covered = askedWindow(context) === 'none' ? null : addDays(asOf, -BATCH_DAYS);
    yield* accountPages(
      context,
      files.accounts,
      createAccountReader(context, relationships, transactions),
      from,
      { raw, transactionsFrom: covered },
      (file, account) => encodeCursor({ asOf, batchId, file, account }),
    );
    transactions.report();
  } catch (cause) {
    throw damaged(cause);
  }
}

async function* accountPages(
  context: ConnectorContext,
  members: readonly ZipMember[],
  readAccounts: ReturnType<typeof createAccountReader>,
  from: { readonly file: string; readonly account: number } | null,
  batch: { readonly raw: Uint8Array; readonly transactionsFrom: CalendarDate | null },
  cursorAt: (file: string, account: number) => Cursor,
): AsyncGenerator<SourcePage, void, undefined> {
  const common = {
    raw: batch.raw,
    contentType: 'application/zip',
    expected: null,
    ...(batch.transactionsFrom === null ? {} : { transactionsFrom: batch.transactionsFrom }),
  };
  const most = askedCount(context, 'pageSize', HOLDINGS_PER_PAGE, 20_000);
  const first = from === null ? 0 : members.findIndex((member) => member.name === from.file);
  if (first < 0)
    throw cursorExpired('Black Diamond’s batch no longer holds the file this sync was reading. The pass starts again.');
  if (members.length === 0) {
    yield { ...common, next: null, accounts: [], securities: [], holdings: [], transactions: [], quarantined: [] };
    return;
  }
  const load = async (index: number) => {
    const member = members[index];
    if (!member) throw new RangeError(`The batch has no file ${index}.`);
    return { value: { index, file: await readFile(member) }, next: index + 1 < members.length ? index + 1 : null };
  };
  for await (const { index, file } of oneAhead(first, context.signal, load)) {
    const quarantine = createQuarantine(createJsonCutter(file.text));
    const following = members[index + 1];
    let at = from !== null && index === first ? from.account : 0;
    do {
      const { records, end } = readAccounts(file, quarantine, at, most);
      const after = following ? cursorAt(following.name, 0) : null;
      yield { ...common, ...records, next: end < file.items.length ? cursorAt(file.name, end) : after };
      at = end;
    } while (at < file.items.length);
  }
}
