import { tryCalendarDate, type CalendarDate } from '../../../shared/model/date.ts';
import type { Activity, ActivityKind, FirmActivity } from '../firm/activity.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { AddeparError } from './errors.ts';
import { accountEntityId, readEntityId, securityEntityId } from './ids.ts';
import { javaNumber } from './number-text.ts';

/** The platform’s own types; amounts are stored without sign. A sweep is booked under a type too wide to say what it is. */
const TYPES: Readonly<Record<ActivityKind, string>> = {
  buy: 'buy',
  sell: 'sell',
  dividend: 'cash_dividend',
  interest: 'interest_income',
  reinvest: 'reinvestment',
  fee: 'account_fee_advisor',
  deposit: 'deposit',
  withdrawal: 'withdrawal',
  transfer_in: 'transfer_in',
  transfer_out: 'transfer_out',
  tax: 'tax_withholding',
  split: 'stock_split',
  sweep: 'corporate_action',
};
const FIRST_ID = 30_000_001;
/** One row in so many has no id of its own. */
const WITHOUT_ID_EVERY = 40;

type Cell = (row: Activity) => string;
const isFee = (row: Activity): boolean => row.kind === 'fee';
const idOf = (row: Activity): string | null => (row.number % WITHOUT_ID_EVERY === 7 ? null : String(FIRST_ID + row.number));

/** Answers `POST /transactions/query`: everything within the dates in one reply, without pages. */
export function createTransactionQuery(state: PlatformState, activity: FirmActivity): (attributes: unknown) => string {
  const { firm } = state.book;
  const entity = (name: string, id: number): string => `{"name":${quoted(name)},"entity_id":${id}}`;
  const account = (row: Activity): string => entity(firm.accounts[row.account]?.name ?? '', accountEntityId(row.account));

  const cells: Readonly<Record<string, Cell>> = {
    id: (row) => quoted(idOf(row)),
    trade_date: (row) => quoted(row.tradeDate),
    posted_date: (row) => quoted(row.tradeDate),
    settlement_date: (row) => quoted(row.settleDate),
    type: (row) => quoted(TYPES[row.kind]),
    // Account fees name the account as what is owned and leave the owner out.
    direct_owner: (row) => (isFee(row) ? 'null' : account(row)),
    security: (row) => (isFee(row) ? account(row) : entity(row.security.name, securityEntityId(row.security.index))),
    account_number: (row) => quoted(firm.accounts[row.account]?.number ?? ''),
    currency: (row) => quoted(row.security.currency),
    units: (row) => (row.units.n === 0n ? 'null' : javaNumber(row.units)),
    price_per_share: (row) => (row.price === null ? 'null' : javaNumber(row.price)),
    value: (row) => javaNumber(row.amount),
    cusip: ({ security }) => quoted(state.book.knowsIdentifiers(security) ? security.cusip : null),
    ticker_symbol: (row) => quoted(row.security.ticker),
    description: (row) => quoted(`${TYPES[row.kind].replaceAll('_', ' ')} ${row.security.name}`),
    comments: () => 'null',
    is_verified: () => 'true',
    created_date: (row) => quoted(`${row.settleDate}T06:05:00Z`),
    modified_date: (row) => quoted(`${row.settleDate}T06:05:00Z`),
  };

  return (value) => {
    const attributes = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
    const columns = Array.isArray(attributes['columns']) ? attributes['columns'].map(String) : [];
    if (columns.length === 0) throw new AddeparError(400, 'columns is required');
    const unknown = columns.find((column) => !Object.hasOwn(cells, column));
    if (unknown !== undefined) throw new AddeparError(400, `Invalid attribute: ${unknown}`);
    const date = (name: string): CalendarDate => {
      const read = tryCalendarDate(String(attributes[name] ?? ''));
      if (read === null) throw new AddeparError(400, `${name} is required as YYYY-MM-DD`);
      return read;
    };
    const [from, to] = [date('start_date'), date('end_date')];
    const type = String(attributes['portfolio_type'] ?? '').toUpperCase();
    const asked = readEntityId(Number([attributes['portfolio_id']].flat()[0]));
    const only = type === 'ENTITY' && asked?.kind === 'account' ? asked.index : null;
    if (!type.startsWith('FIRM') && only === null) throw new AddeparError(400, `Invalid portfolio: ${type}`);
    const rows = firm.accounts
      .filter((row) => only === null || row.index === only)
      .flatMap((row) => activity.ofAccount(row.index))
      .filter((row) => row.tradeDate >= from && row.tradeDate <= to)
      .map((row) => {
        const id = idOf(row);
        const members = columns.map((column) => `"${column}":${cells[column]?.(row) ?? 'null'}`);
        return `{${id === null ? '' : `"id":"${id}",`}"type":"transaction_query","attributes":{${members.join(',')}}}`;
      });
    return `{"meta":{"columns":${JSON.stringify(columns)}},"data":[${rows.join(',')}],"included":[],"links":{"next":null}}`;
  };
}
