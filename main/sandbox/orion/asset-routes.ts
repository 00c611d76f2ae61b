import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createBufferCache } from '../http/buffer-cache.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import type { AssetRows, AssetShape } from './asset-rows.ts';
import { accountId, accountOfId, accountOfRegistration, householdOfClient, recordOfAsset } from './ids.ts';
import { arrayText, needsRows, pageBounds } from './odata.ts';
import { OrionError, paramsOf, pathId, readDate, wholeNumber, type Params } from './request.ts';
import type { OrionSettings } from './settings.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Routes that answer positions: below `/Portfolio/Assets`, and below the accounts, registrations and clients that hold them. */
export function registerAssetRoutes(
  server: FastifyInstance,
  prefix: string,
  state: PlatformState,
  rows: AssetRows,
  settings: OrionSettings,
): void {
  const { firm, changes } = state.book;
  const cache = createBufferCache();
  const prefixSums = new Map<string, Float64Array>();

  const shapeOf = (params: Params, date: string | undefined, form: AssetShape['form']): AssetShape | null => {
    const asked = date ?? params.get('asofdate');
    const day = state.dayOn(asked === undefined || asked === '' ? null : readDate(asked));
    const hasValue = params.get('hasvalue')?.toLowerCase();
    return day === null
      ? null
      : {
          day,
          cost: params.get('includecostbasis')?.toLowerCase() === 'true',
          hasValue: hasValue === undefined ? null : hasValue === 'true',
          form,
        };
  };

  const sumsOf = (shape: AssetShape): Float64Array => {
    const key = `${shape.day} ${shape.hasValue}`;
    const known = prefixSums.get(key);
    if (known) return known;
    const sums = new Float64Array(firm.accounts.length + 1);
    for (let account = 0; account < firm.accounts.length; account += 1)
      sums[account + 1] = (sums[account] ?? 0) + rows.count(account, shape);
    prefixSums.set(key, sums);
    return sums;
  };

  const accountsOf = (params: Params): readonly number[] | null => {
    const account = wholeNumber(params, 'accountid');
    const registration = wholeNumber(params, 'registrationid');
    const client = wholeNumber(params, 'clientid');
    const custodian = params.get('custodianname');
    if (account === null && registration === null && client === null && custodian === undefined) return null;
    return firm.accounts
      .filter(
        (row) =>
          (account === null || row.index === accountOfId(account)) &&
          (registration === null || row.index === accountOfRegistration(registration)) &&
          (client === null || row.household === householdOfClient(client)) &&
          (custodian === undefined || row.custodian.toLowerCase() === custodian.toLowerCase()),
      )
      .map((row) => row.index);
  };

  /** The whole tenant, page by page: nothing but the page is generated, and it is kept for the next one who asks. */
  const tenantPage = (params: Params, shape: AssetShape): Buffer => {
    const { top, skip } = pageBounds(params);
    const key = `${shape.day} ${shape.cost} ${shape.hasValue} ${shape.form} ${settings.cusips} ${top} ${skip}`;
    return cache.get(key, () => {
      const sums = sumsOf(shape);
      const texts: string[] = [];
      let account = 0;
      while (account < firm.accounts.length && (sums[account + 1] ?? 0) <= skip) account += 1;
      for (let before = sums[account] ?? 0; account < firm.accounts.length && texts.length < top; account += 1) {
        const ofAccount = rows.ofAccount(account, shape);
        const from = Math.max(0, skip - before);
        for (let place = from; place < ofAccount.length && texts.length < top; place += 1) texts.push(ofAccount[place] ?? '');
        before += ofAccount.length;
      }
      return Buffer.from(`[${texts.join(',')}]`);
    });
  };

  const editedBetween = (params: Params, shape: AssetShape): boolean => {
    const from = params.get('editedstartdate');
    const to = params.get('editedenddate');
    const edited = firm.date(shape.day);
    return (from === undefined || edited >= readDate(from)) && (to === undefined || edited <= readDate(to));
  };

  const send = (reply: FastifyReply, body: string | Buffer): FastifyReply => reply.type(JSON_TYPE).send(body);

  const assets = (params: Params, accounts: readonly number[] | null, shape: AssetShape | null): string | Buffer => {
    if (shape === null || !editedBetween(params, shape)) return '[]';
    const product = wholeNumber(params, 'productid');
    const asset = wholeNumber(params, 'assetid');
    if (accounts === null && product === null && asset === null && !needsRows(params)) return tenantPage(params, shape);
    let texts = (accounts ?? firm.accounts.map((account) => account.index)).flatMap((account) => rows.ofAccount(account, shape));
    if (product !== null) texts = texts.filter((text) => text.includes(`"productId":${product},`));
    if (asset !== null) texts = texts.filter((text) => text.startsWith(`{"id":${asset},`));
    return arrayText(texts, params);
  };

  server.get(`${prefix}/Portfolio/Assets`, (request, reply) => {
    const params = paramsOf(request);
    return send(reply, assets(params, accountsOf(params), shapeOf(params, undefined, 'full')));
  });
  server.get(`${prefix}/Portfolio/Assets/:id`, (request, reply) => {
    const id = pathId(request);
    const params = paramsOf(request);
    const shape = shapeOf(params, undefined, 'full');
    const record = recordOfAsset(id);
    const account =
      record < 0
        ? -1
        : record < firm.slots.total
          ? firm.slots.accountAt(record)
          : changes.addedRecords[record - firm.slots.total]?.[0];
    const text =
      shape &&
      account !== undefined &&
      firm.accounts[account] &&
      rows.ofAccount(account, shape).find((row) => row.startsWith(`{"id":${id},`));
    if (!text) throw new OrionError(404, `Asset ${id} was not found`);
    return send(reply, text);
  });
  server.post(`${prefix}/Portfolio/Assets/List`, (request, reply) => {
    if (!Array.isArray(request.body)) throw new OrionError(400, 'The body must be a list of account ids');
    const wanted = new Set(request.body.map(Number));
    const accounts = firm.accounts.filter((account) => wanted.has(accountId(account.index))).map((account) => account.index);
    const params = paramsOf(request);
    return send(reply, assets(params, accounts, shapeOf(params, undefined, 'full')));
  });

  const holders: readonly (readonly [string, (id: number) => readonly number[]])[] = [
    ['Accounts', (id) => (firm.accounts[accountOfId(id)] ? [accountOfId(id)] : [])],
    ['Registrations', (id) => (firm.accounts[accountOfRegistration(id)] ? [accountOfRegistration(id)] : [])],
    [
      'Clients',
      (id) => firm.accounts.filter((account) => account.household === householdOfClient(id)).map((account) => account.index),
    ],
  ];
  for (const [kind, find] of holders) {
    const answer = (form: AssetShape['form']) => (request: FastifyRequest, reply: FastifyReply) => {
      const id = pathId(request);
      const accounts = find(id);
      if (accounts.length === 0) throw new OrionError(404, `${kind} ${id} was not found`);
      const params = paramsOf(request);
      return send(reply, assets(params, accounts, shapeOf(params, (request.params as { readonly date?: string }).date, form)));
    };
    server.get(`${prefix}/Portfolio/${kind}/:id/Assets`, answer('full'));
    server.get(`${prefix}/Portfolio/${kind}/:id/Assets/Value`, answer('value'));
    server.get(`${prefix}/Portfolio/${kind}/:id/Assets/:date`, answer('full'));
  }
}
