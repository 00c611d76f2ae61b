import { z } from 'zod';
import { calendarDate, previousBusinessDay } from '../../../shared/model/date.ts';
import { jsonAnswer, platformMessage, readFrame } from '../answers.ts';
import { ConnectorError, type Connector, type ConnectorContext, type Cursor, type SourcePage } from '../connector.ts';
import { cursorExpired, decodeCursor, encodeCursor } from '../cursors.ts';
import { createJsonCutter } from '../json-cut.ts';
import { decodeUtf8, JsonError, jsonList, parseLossless, type LosslessJson } from '../json.ts';
import { oneAhead } from '../one-ahead.ts';
import { createPlatformClient, type ConnectorPorts, type PlatformClient } from '../platform-client.ts';
import { createQuarantine } from '../quarantine.ts';
import { createRateBudget } from '../rate-budget.ts';
import { askedCount, askedDate, trimmedBase } from '../settings.ts';
import { openZip, ZipError, type ZipMember } from '../zip.ts';
import { awaitBatch, submitBatch } from './batch.ts';
import { batchFileKind } from './file-kind.ts';
import { createAccountReader } from './positions.ts';
import { createRelationships } from './relationships.ts';
import { BLACK_DIAMOND, BLACK_DIAMOND_CREDENTIALS, createBlackDiamondSession, DEFAULT_TOKEN_URL, type BlackDiamondSession } from './session.ts';

/** Black Diamond publishes no limits; this is the program's default for one platform account. */
const RATE_BUDGETS = [{ requests: 1000, windowMs: 60_000 }] as const;
const HOLDINGS_PER_PAGE = 5000;
const HEAD_BYTES = 64 * 1024;

const holdingSearch = z.object({ data: jsonList });
const cursorSchema = z.object({ asOf: z.iso.date(), batchId: z.string(), file: z.string(), account: z.int().nonnegative() });

export function createBlackDiamond(ports: ConnectorPorts): Connector {
  const budget = createRateBudget(RATE_BUDGETS, () => ports.clock.monotonicMs());
  const open = (context: ConnectorContext) => {
    const client = createPlatformClient({
      platform: BLACK_DIAMOND, context, ports, budget, maxBudgetWaitMs: 60_000,
      budgetKey: `${trimmedBase(context)} ${context.credentials['clientId'] ?? ''}`,
    });
    return { client, session: createBlackDiamondSession(context, client, ports) };
  };

  return {
    platform: 'black_diamond',
    name: BLACK_DIAMOND,
    defaultBaseUrl: 'https://api.blackdiamondwealthplatform.com',
    credentials: BLACK_DIAMOND_CREDENTIALS,
    settings: [
      { key: 'tokenUrl', label: 'Token URL', secret: false, required: false, help: `Where the sign-in is sent. Default ${DEFAULT_TOKEN_URL}.` },
      { key: 'allowPasswordGrant', label: 'Sign in with the password', secret: false, required: false, help: 'no: use the refresh token only. Default yes.' },
      { key: 'asOf', label: 'As-of date', secret: false, required: false, help: 'Such as 2025-06-30. Default: the last business day.' },
      { key: 'currency', label: 'Currency', secret: false, required: false, help: 'Currency of all amounts; Black Diamond names none. Empty: each position is in the currency of its security.' },
      { key: 'dateFormat', label: 'Date format', secret: false, required: false, help: 'YYYY-MM-DD (default), MM-DD-YYYY or MM/DD/YYYY, as the server wants it.' },
      { key: 'issueTypes', label: 'Issue types', secret: false, required: false, help: 'Own readings such as Municipal=bond, Sweep=cash.' },
      { key: 'pollSeconds', label: 'Seconds between polls', secret: false, required: false, help: 'First pause while a batch is made; it grows to a minute. Default 5.' },
      { key: 'pageSize', label: 'Page size', secret: false, required: false, help: 'Positions per stored page, up to 20,000. Default 5,000.' },
    ],
    rateBudgets: RATE_BUDGETS,

    test: async (context) => {
      // An account nobody has: the answer is empty or a refusal in JSON, and both prove token and subscription key.
      const doing = 'search holdings';
      const asOf = askedDate(context, previousBusinessDay(context.today));
      const body = { accountID: '0', asOf, onlyCurrentHoldings: true, limit: 1, include: { returnInfo: false, assets: false } };
      const response = await open(context).session.call({ method: 'POST', path: '/account/Query/HoldingDetailSearch', body, doing });
      const unknownAccount = (response.status === 400 || response.status === 404) && platformMessage(response) !== '';
      if (!unknownAccount) readFrame(BLACK_DIAMOND, holdingSearch, jsonAnswer(BLACK_DIAMOND, response, doing), 'holding search');
      return 'Signed in; the subscription key is accepted.';
    },

    async *pull(context, cursor) {
      const { client, session } = open(context);
      yield* pull(context, cursor, client, session);
    },
  };
}

interface BatchFile {
  readonly name: string;
  readonly text: string;
  readonly items: readonly LosslessJson[];
}

async function readFile(member: ZipMember): Promise<BatchFile> {
  const bytes = await member.read();
  try {
    const text = decodeUtf8(bytes);
    return { name: member.name, text, items: readFrame(BLACK_DIAMOND, jsonList, { json: parseLossless(text), text }, 'batch') };
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new ConnectorError('bad_response', `The file ${member.name} of Black Diamond’s batch cannot be read as JSON. Try again later.`, { cause });
  }
}

async function sortFiles(members: readonly ZipMember[], log: ConnectorContext['log']) {
  const accounts: ZipMember[] = [];
  const relationships: ZipMember[] = [];
  const empty = new Set<string>();
  for (const member of members) {
    const head = new TextDecoder().decode(await member.head(HEAD_BYTES));
    const kind = batchFileKind(head);
    if (kind === 'accounts') accounts.push(member);
    else if (kind === 'relationships') relationships.push(member);
    else if (/^\s*\[\s*\]/.test(head)) empty.add(member.name);
    else log('The batch holds a file of a kind that was not asked for', { file: member.name });
  }
  if (accounts.length + empty.size === 0) {
    throw new ConnectorError('bad_response', 'Black Diamond’s batch holds no account file. Check which accounts this user may see.');
  }
  return { accounts, relationships };
}

const damaged = (cause: unknown): unknown =>
  cause instanceof ZipError ? new ConnectorError('bad_response', `Black Diamond’s batch cannot be used. ${cause.message} Try again later.`, { cause }) : cause;

async function* pull(
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
    yield* accountPages(context, files.accounts, createAccountReader(context, relationships), from, raw, (file, account) =>
      encodeCursor({ asOf, batchId, file, account }),
    );
  } catch (cause) {
    throw damaged(cause);
  }
}

async function* accountPages(
  context: ConnectorContext,
  members: readonly ZipMember[],
  readAccounts: ReturnType<typeof createAccountReader>,
  from: { readonly file: string; readonly account: number } | null,
  raw: Uint8Array,
  cursorAt: (file: string, account: number) => Cursor,
): AsyncGenerator<SourcePage, void, undefined> {
  const common = { raw, contentType: 'application/zip', transactions: [], expected: null };
  const most = askedCount(context, 'pageSize', HOLDINGS_PER_PAGE, 20_000);
  const first = from === null ? 0 : members.findIndex((member) => member.name === from.file);
  if (first < 0) throw cursorExpired('Black Diamond’s batch no longer holds the file this sync was reading. The pass starts again.');
  if (members.length === 0) {
    yield { ...common, next: null, accounts: [], securities: [], holdings: [], quarantined: [] };
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
