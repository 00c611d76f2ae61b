import type { FastifyInstance } from 'fastify';
import { fixed } from '../firm/fixed.ts';
import type { FirmLots, Lot } from '../firm/lots.ts';
import type { Position } from '../firm/position.ts';
import { createBufferCache } from '../http/buffer-cache.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { accountId, accountOfId, assetId, clientId, productId, registrationId } from './ids.ts';
import { decimalNumber } from './number-text.ts';
import { arrayText, needsRows, pageBounds } from './odata.ts';
import type { Products } from './products.ts';
import { OrionError, paramsOf, readDate, wholeNumber, type Params } from './request.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
/** Ids of lots are the platform’s only ones beyond 32 bits. */
const FIRST_ID = 88_100_000_000;
const LOTS_PER_ASSET = 10;
const NOTHING = decimalNumber(fixed(0, 0));

/** Routes that answer open tax lots: of the whole firm, of an account or an asset, and one by its id. */
export function registerLotRoutes(
  server: FastifyInstance,
  prefix: string,
  state: PlatformState,
  products: Products,
  lots: FirmLots,
): void {
  const { firm } = state.book;
  const cache = createBufferCache(32 * 1024 * 1024);
  const counts = new Map<number, readonly number[]>();

  const rowText = ({ record, account, security }: Position, lot: Lot, day: number): string => {
    const row = firm.accounts[account];
    const household = row?.household ?? 0;
    const [units, cost] = [decimalNumber(lot.units), decimalNumber(lot.cost)];
    const terms = lot.longTerm
      ? `"longTermUnits":${units},"shortTermUnits":${NOTHING},"longTermCost":${cost},"shortTermCost":${NOTHING}`
      : `"longTermUnits":${NOTHING},"shortTermUnits":${units},"longTermCost":${NOTHING},"shortTermCost":${cost}`;
    return (
      `{"id":${FIRST_ID + record * LOTS_PER_ASSET + lot.place},"assetId":${assetId(record)},"accountId":${accountId(account)},"accountNumber":${quoted(row?.number ?? '')},` +
      `"registrationId":${registrationId(account)},"registrationName":${quoted(row?.name ?? '')},"registrationType":${quoted(row?.registration ?? '')},"clientId":${clientId(household)},` +
      `"householdName":${quoted(firm.households[household]?.name ?? '')},"productId":${productId(security.index)},"productName":${quoted(products.name(security))},"productTicker":${quoted(products.ticker(security))},` +
      `"asOfDate":"${firm.date(day)}T00:00:00","acquiredDate":"${lot.acquired}T00:00:00","holdPeriodDate":"${lot.acquired}T00:00:00",${terms},` +
      `"amortizationAmt":0.0,"isShort":${lot.units.n < 0n},"isLongTerm":${lot.longTerm},"isInherited":false,"isUnknown":false,"transTypeOfBuyId":1,"navOfBuy":null,"isQualified":false,"representative":null,"representativeNumber":null}`
    );
  };
  const rowsOf = (account: number, day: number): string[] =>
    state.book
      .records(account, day)
      .flatMap((position) => lots.ofPosition(position, day).map((lot) => rowText(position, lot, day)));

  const countsOn = (day: number): readonly number[] => {
    const known = counts.get(day);
    if (known) return known;
    const made = firm.accounts.map(({ index }) =>
      state.book.records(index, day).reduce((sum, position) => sum + lots.ofPosition(position, day).length, 0),
    );
    counts.set(day, made);
    return made;
  };

  /** A page of the whole firm: only the accounts on it are made. */
  const tenantPage = (params: Params, day: number): string => {
    const { top, skip } = pageBounds(params);
    const texts: string[] = [];
    let before = 0;
    for (const [account, count] of countsOn(day).entries()) {
      if (texts.length >= top) break;
      if (before + count > skip) texts.push(...rowsOf(account, day).slice(Math.max(0, skip - before)));
      before += count;
    }
    return `[${texts.slice(0, top).join(',')}]`;
  };

  const dayOf = (params: Params): number | null => {
    const asked = params.get('asofdate');
    return state.dayOn(asked === undefined || asked === '' ? null : readDate(asked));
  };

  server.get(`${prefix}/Portfolio/OrionUnrealized`, (request, reply) => {
    const params = paramsOf(request);
    const day = dayOf(params);
    if (day === null) return reply.type(JSON_TYPE).send('[]');
    const account = wholeNumber(params, 'accountid');
    const body = cache.get(`${day} ${JSON.stringify([...params])}`, () => {
      if (account === null && !needsRows(params)) return Buffer.from(tenantPage(params, day));
      const accounts = account === null ? firm.accounts.map(({ index }) => index) : [accountOfId(account)];
      return Buffer.from(
        arrayText(
          accounts.filter((index) => firm.accounts[index]).flatMap((index) => rowsOf(index, day)),
          params,
        ),
      );
    });
    return reply.type(JSON_TYPE).send(body);
  });
  server.get(`${prefix}/Portfolio/OrionUnrealized/:id`, (request, reply) => {
    const { id } = request.params as { readonly id: string };
    if (!/^\d{1,15}$/.test(id)) throw new OrionError(400, `The id ${JSON.stringify(id)} is not a number`);
    const record = Math.floor((Number(id) - FIRST_ID) / LOTS_PER_ASSET);
    const account = record >= 0 && record < firm.slots.total ? firm.slots.accountAt(record) : -1;
    const found =
      firm.accounts[account] && rowsOf(account, dayOf(paramsOf(request)) ?? 0).find((row) => row.startsWith(`{"id":${id},`));
    if (!found) throw new OrionError(404, `OrionUnrealized ${id} was not found`);
    return reply.type(JSON_TYPE).send(found);
  });
}
