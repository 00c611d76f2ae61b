import { storedText } from '../firm/fixed.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { readAnyDate } from './dates.ts';
import { BlackDiamondError } from './errors.ts';
import { accountOfId, assetId } from './ids.ts';

/** Members of a request body by lower-case name: clients of the platform spell them in different cases. */
export function membersOf(body: unknown): ReadonlyMap<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new BlackDiamondError(400, 'The body must be a JSON object');
  return new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Answers one account’s holdings. Names are camelCase here, unlike in batches. */
export function holdingDetails(state: PlatformState, body: unknown): string {
  const { book } = state;
  const members = membersOf(body);
  const index = accountOfId(String(members.get('accountid') ?? ''));
  if (index === null || !book.firm.accounts[index]) throw new BlackDiamondError(404, 'The account was not found');
  const asked = members.get('asof');
  const date = asked === undefined || asked === null ? null : readAnyDate(String(asked));
  if (asked && date === null) throw new BlackDiamondError(400, 'asOf is not a date');
  const day = state.dayOn(date);
  const limit = typeof members.get('limit') === 'number' ? Number(members.get('limit')) : Number.MAX_SAFE_INTEGER;
  const include = members.get('include') === undefined ? new Map<string, unknown>() : membersOf(members.get('include'));
  const rows = (day === null ? [] : book.records(index, day)).slice(0, limit).map(({ security, quantity, value }) => {
    const cusip = book.knowsIdentifiers(security) ? security.cusip : null;
    const asset = `"asset":{"assetId":${assetId(security.index)},"name":${quoted(security.type === 'cash' ? 'Cash' : security.name)},"cusip":${quoted(cusip)},"ticker":${quoted(security.ticker)},"identifier":${quoted(cusip)}}`;
    const returns = `"returnInfo":{"units":${storedText(quantity)},"emv":${storedText(value)},"returnDate":"${book.firm.date(day ?? 0)}"}`;
    return `{${[include.get('assets') === true ? asset : '', include.get('returninfo') === true ? returns : ''].filter((part) => part !== '').join(',')}}`;
  });
  return `{"data":[${rows.join(',')}]}`;
}
