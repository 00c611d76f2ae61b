import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fixed, times, type Fixed } from '../firm/fixed.ts';
import type { Activity, ActivityKind, FirmActivity } from '../firm/activity.ts';
import { createBufferCache } from '../http/buffer-cache.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { accountId, accountOfId, accountOfRegistration, clientId, householdOfClient, productId, registrationId } from './ids.ts';
import { decimalNumber } from './number-text.ts';
import { arrayText } from './odata.ts';
import type { Products } from './products.ts';
import type { OrionSettings } from './settings.ts';
import { OrionError, paramsOf, pathId, readDate, wholeNumber, type Params } from './request.ts';

interface Code {
  readonly id: number;
  readonly type: string;
  readonly code: string;
  readonly financial: string;
  readonly words: string;
  /** Way of the units and way of the amount. A trade’s amount goes the way of its units, a payment’s the way of the cash. */
  readonly units: -1 | 0 | 1;
  readonly amount: -1 | 0 | 1;
}

/** The platform publishes the values of financialType; the types themselves are each firm’s own list, these a plausible one. */
const CODES: Readonly<Record<ActivityKind, Code>> = {
  buy: { id: 1, type: 'Buy', code: 'BUY', financial: 'Exchange', words: 'Bought', units: 1, amount: 1 },
  sell: { id: 2, type: 'Sell', code: 'SELL', financial: 'Exchange', words: 'Sold', units: -1, amount: -1 },
  dividend: { id: 4, type: 'Cash Dividend', code: 'DIV', financial: 'DivCash', words: 'Dividend of', units: 0, amount: 1 },
  interest: { id: 5, type: 'Interest', code: 'INT', financial: 'DivCash', words: 'Interest of', units: 0, amount: 1 },
  reinvest: {
    id: 6,
    type: 'Dividend Reinvest',
    code: 'REIN',
    financial: 'DivReinvest',
    words: 'Reinvested',
    units: 1,
    amount: 1,
  },
  fee: { id: 10, type: 'Management Fee', code: 'MFEE', financial: 'MgmntFees', words: 'Advisory fee from', units: 0, amount: -1 },
  deposit: { id: 11, type: 'Contribution', code: 'CONT', financial: 'Contribution', words: 'Deposit to', units: 0, amount: 1 },
  withdrawal: {
    id: 12,
    type: 'Distribution',
    code: 'DIST',
    financial: 'Distribution',
    words: 'Paid out of',
    units: 0,
    amount: -1,
  },
  transfer_in: { id: 14, type: 'Transfer In', code: 'TIN', financial: 'Contribution', words: 'Received', units: 1, amount: 1 },
  transfer_out: {
    id: 15,
    type: 'Transfer Out',
    code: 'TOUT',
    financial: 'Distribution',
    words: 'Delivered',
    units: -1,
    amount: -1,
  },
  tax: { id: 17, type: 'Tax Withheld', code: 'TAXW', financial: 'MiscFees', words: 'Tax on', units: 0, amount: -1 },
  split: { id: 20, type: 'Split', code: 'SPLT', financial: 'Merges', words: 'Split of', units: 1, amount: 0 },
  sweep: { id: 31, type: 'Custodian Sweep', code: 'CSWP', financial: 'Other', words: 'Sweep of', units: 0, amount: 1 },
};

const JSON_TYPE = 'application/json; charset=utf-8';
const FIRST_ID = 60_000_001;
const directed = (amount: Fixed, way: -1 | 0 | 1): string => decimalNumber(way === 0 ? fixed(0, 0) : times(amount, way, 1));

/** Routes that answer transactions: of the whole firm, and below accounts and clients. */
export function registerTransactionRoutes(
  server: FastifyInstance,
  prefix: string,
  state: PlatformState,
  products: Products,
  activity: FirmActivity,
  settings: OrionSettings,
): void {
  const { firm } = state.book;
  const cache = createBufferCache(32 * 1024 * 1024);

  const rowText = ({ number, account, kind, security, units, price, amount, tradeDate, settleDate }: Activity): string => {
    const code = CODES[kind];
    const row = firm.accounts[account];
    const name = products.name(security);
    return (
      `{"id":${FIRST_ID + number},"transDate":"${tradeDate}T00:00:00","transTime":null,"settleDate":"${settleDate}T00:00:00","transactionDescription":${quoted(`${code.words} ${name}`)},` +
      `"transTypeId":${code.id},"type":"${code.type}","typeCode":"${code.code}","transactionSubTypeId":null,"transactionSubTypeName":null,"financialType":"${code.financial}",` +
      `"transAmount":${directed(amount, code.amount)},"noUnits":${directed(units, code.units)},"navPrice":${price === null ? '0.0' : decimalNumber(price)},"unitBalance":null,"status":"Complete",` +
      `"assetId":null,"productId":${productId(security.index)},"productName":${quoted(name)},"ticker":${quoted(products.ticker(security))},"cusip":${quoted(products.cusip(security))},` +
      `"accountId":${accountId(account)},"accountNumber":${quoted(row?.number ?? '')},"registrationId":${registrationId(account)},"clientId":${clientId(row?.household ?? 0)},"custodian":${quoted(row?.custodian ?? '')},` +
      `"notes":null,"tradeReferenceNumber":null,"fileTranCode":"${code.code}","createdBy":"system","createdDate":"${settleDate}T04:20:00","editedBy":"system","editedDate":"${settleDate}T04:20:00"}`
    );
  };

  const rowsOf = (params: Params, accounts: readonly number[]): readonly string[] => {
    const date = (name: string) => (params.get(name) ? readDate(params.get(name) ?? '') : null);
    const [from, to] = [date('startdate'), date('enddate')];
    const [editedFrom, editedTo] = [date('editedstartdate'), date('editedenddate')];
    const status = params.get('status')?.toLowerCase();
    if (status !== undefined && status !== 'complete') return [];
    const types = params.get('transtypeid')?.split(',').map(Number) ?? null;
    return accounts.flatMap((account) =>
      activity
        .ofAccount(account)
        .filter(
          (row) =>
            (from === null || row.tradeDate >= from) &&
            (to === null || row.tradeDate <= to) &&
            (editedFrom === null || row.settleDate >= editedFrom) &&
            (editedTo === null || row.settleDate <= editedTo) &&
            (types === null || types.includes(CODES[row.kind].id)),
        )
        .map(rowText),
    );
  };
  const answer = (request: FastifyRequest, params: Params, accounts: readonly number[]): Buffer =>
    cache.get(`${request.url} ${settings.cusips}`, () => Buffer.from(arrayText(rowsOf(params, accounts), params)));

  server.get(`${prefix}/Portfolio/Transactions`, (request, reply) => {
    const params = paramsOf(request);
    const account = wholeNumber(params, 'accountid');
    const registration = wholeNumber(params, 'registrationid');
    const client = wholeNumber(params, 'clientid');
    const accounts = firm.accounts.filter(
      (row) =>
        (account === null || row.index === accountOfId(account)) &&
        (registration === null || row.index === accountOfRegistration(registration)) &&
        (client === null || row.household === householdOfClient(client)),
    );
    return reply.type(JSON_TYPE).send(
      answer(
        request,
        params,
        accounts.map((row) => row.index),
      ),
    );
  });
  server.get(`${prefix}/Portfolio/Accounts/:id/Transactions`, (request, reply) => {
    const index = accountOfId(pathId(request));
    if (!firm.accounts[index]) throw new OrionError(404, `Accounts ${pathId(request)} was not found`);
    return reply.type(JSON_TYPE).send(answer(request, paramsOf(request), [index]));
  });
}
