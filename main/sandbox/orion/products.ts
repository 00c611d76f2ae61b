import type { Security } from '../firm/security.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { productId } from './ids.ts';
import { decimalNumber } from './number-text.ts';
import type { OrionSettings } from './settings.ts';

const PRODUCT_TYPES: Readonly<Record<Security['type'], readonly [type: string, subType: string]>> = {
  stock: ['StockOrETF', 'Stock'],
  etf: ['StockOrETF', 'ETF'],
  fund: ['MutualFund', 'Open-End Fund'],
  bond: ['Bond', 'Corporate Bond'],
  option: ['Option', 'Equity Option'],
  cash: ['Unknown', 'Cash'],
  other: ['Unknown', 'Other'],
};

const nameOf = (security: Security): string => (security.type === 'cash' ? 'Cash Asset' : security.name);

/** Securities as Orion writes them. */
export interface Products {
  /** Members of a security inside an asset row, without braces. Made once per security. */
  assetMembers(security: Security): string;
  /** A product of its own. */
  text(security: Security): string;
  ticker(security: Security): string | null;
  /** The CUSIP that this partner gets to see. */
  cusip(security: Security): string | null;
  name(security: Security): string;
}

export function createProducts(state: PlatformState, settings: OrionSettings): Products {
  const { book } = state;
  let madeFor = settings.cusips;
  const members = new Map<number, string>();

  // The masked form is not documented; stars with the last three characters stand for it.
  const cusip = (security: Security): string | null => {
    if (security.cusip === null || !book.knowsIdentifiers(security)) return null;
    return settings.cusips === 'shown' ? security.cusip : `******${security.cusip.slice(-3)}`;
  };
  // An American ISIN spells the CUSIP out, so it goes with it.
  const isin = (security: Security): string | null =>
    !book.knowsIdentifiers(security) || (settings.cusips === 'masked' && security.cusip !== null) ? null : security.isin;
  const ticker = (security: Security): string | null => (security.type === 'cash' ? 'CASH:CASH' : security.ticker);

  return {
    ticker,
    cusip,
    name: nameOf,
    assetMembers(security) {
      if (madeFor !== settings.cusips) {
        members.clear();
        madeFor = settings.cusips;
      }
      const known = members.get(security.index);
      if (known !== undefined) return known;
      const [type, subType] = PRODUCT_TYPES[security.type];
      const made =
        `"name":${quoted(nameOf(security))},"productId":${productId(security.index)},"ticker":${quoted(ticker(security))},"cusip":${quoted(cusip(security))},` +
        `"isin":${quoted(isin(security))},"assetClass":${quoted(security.assetClass)},"productCategory":${quoted(security.assetClass)},"productType":"${type}",` +
        `"productSubType":"${subType}","isCustodialCash":${security.type === 'cash'},"downloadSymbol":${quoted(ticker(security))}`;
      members.set(security.index, made);
      return made;
    },
    text(security) {
      const [type, subType] = PRODUCT_TYPES[security.type];
      const price = book.firm.prices(state.day())[security.index] ?? security.openingPrice;
      return `{"id":${productId(security.index)},"productName":${quoted(nameOf(security))},"ticker":${quoted(ticker(security))},"cusip":${quoted(cusip(security))},"isin":${quoted(isin(security))},"currentOrionPrice":${decimalNumber(price)},"currentOrionPriceDate":"${book.firm.date(state.day())}T00:00:00","productType":"${type}","productSubTypeName":"${subType}","isActive":true,"optionLotSize":${security.type === 'option' ? '100.0' : 'null'},"isCustodialCash":${security.type === 'cash'}}`;
    },
  };
}
