import { isinFromCusip } from '../../../shared/model/identifiers.ts';
import { fixed, withLastDigit } from './fixed.ts';
import { britishIsinOf, continentalIsinOf, cusipOf, sedolOf } from './identifier-maker.ts';
import { KNOWN_ETFS, KNOWN_SIBLINGS, KNOWN_STOCKS, type KnownSecurity } from './known-securities.ts';
import { companyName, tickerFor } from './names.ts';
import type { RandomStream } from './random.ts';
import type { Security } from './security.ts';

/** Widely held stocks and ETFs: indices 1 to CORE_COUNT. The number is prime, see `slots.ts`. */
export const CORE_COUNT = KNOWN_STOCKS.length + KNOWN_ETFS.length;
const DUAL_CLASS_PAIRS = 6;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

type Draft = Omit<Security, 'index' | 'key' | 'sibling' | 'split'>;

const stock = (name: string, ticker: string, cusip: string, cents: number, quiet: boolean): Draft => ({
  name,
  ticker,
  cusip,
  isin: isinFromCusip(cusip),
  sedol: null,
  type: 'stock',
  currency: 'USD',
  assetClass: 'US equity',
  power: 0,
  quantityDecimals: 0,
  openingPrice: withLastDigit(fixed(cents, 2)),
  quiet,
});

const known = (row: KnownSecurity, random: RandomStream, place: number): Draft =>
  stock(row.name, row.ticker, row.cusip, row.dollars * 100 + random.below(99, place), false);

/** The security at a place among the less widely held ones. */
function lesserKnown(place: number, random: RandomStream, year: number, tickers: Set<string>): Draft {
  const roll = random.below(100, place, 1);
  const name = companyName(place);
  const quiet = random.chance(350, place, 2);
  const price = (low: number, high: number, decimals: number) =>
    withLastDigit(fixed(random.between(low, high, place, 3), decimals));
  const ticker = (suffix = '') => tickerFor(name, random, place, tickers, suffix);
  if (roll < 38) return stock(`${name} Inc`, ticker(), cusipOf(place, '10'), random.between(650, 38_000, place, 3), quiet);
  if (roll < 46) {
    const cusip = cusipOf(place, '40');
    return { ...stock(`${name} Sector ETF`, ticker(), cusip, random.between(1_900, 24_000, place, 3), quiet), type: 'etf' };
  }
  if (roll < 70) {
    const cusip = cusipOf(place, '30');
    return {
      ...stock(`${name} Growth Fund`, ticker('X'), cusip, 0, quiet),
      type: 'fund',
      assetClass: 'Mutual fund',
      quantityDecimals: 3,
      openingPrice: price(84_000, 690_000, 4),
    };
  }
  if (roll < 88) {
    const cusip = cusipOf(place, `A${'ABCDEFGH'[place % 8] ?? 'A'}`);
    const coupon = `${random.between(2, 6, place, 4)}.${['000', '125', '250', '375', '500', '750', '875'][random.below(7, place, 5)] ?? '000'}`;
    const month = MONTHS[random.below(12, place, 6)] ?? 'Jan';
    return {
      ...stock(`${name} ${coupon}% 15 ${month} ${year + random.between(2, 18, place, 7)}`, '', cusip, 0, true),
      ticker: null,
      type: 'bond',
      assetClass: 'Fixed income',
      power: -2,
      openingPrice: price(81_000, 117_000, 3),
    };
  }
  if (roll < 93) {
    const underlying = KNOWN_STOCKS[random.below(KNOWN_STOCKS.length, place, 8)] ?? KNOWN_STOCKS[0];
    const call = random.chance(600, place, 9);
    const strike = Math.max(5, Math.round(((underlying?.dollars ?? 100) * random.between(80, 120, place, 10)) / 500) * 5);
    // The place goes into the day so that no two options are the same contract.
    const day = String(1 + (place % 28)).padStart(2, '0');
    const month = Math.floor(place / 28) % 12;
    const symbol = `${(underlying?.ticker ?? 'AAPL').replace('.', '')}${String((year + 2) % 100)}${String(month + 1).padStart(2, '0')}${day}`;
    return {
      ...stock(
        `${underlying?.name} ${call ? 'call' : 'put'} ${strike} ${day} ${MONTHS[month]} ${year + 2}`,
        '',
        '000000000',
        0,
        true,
      ),
      ticker: `${symbol}${call ? 'C' : 'P'}${String(strike * 1000).padStart(8, '0')}`,
      cusip: null,
      isin: null,
      type: 'option',
      assetClass: 'Option',
      power: 2,
      openingPrice: price(185, 4_200, 2),
    };
  }
  const british = random.chance(500, place, 11);
  const country = (['DE', 'FR', 'NL'] as const)[random.below(3, place, 12)] ?? 'DE';
  const sedol = sedolOf(400_000 + place * 31);
  return {
    ...stock(
      `${name} ${british ? 'plc' : country === 'DE' ? 'AG' : country === 'FR' ? 'SA' : 'NV'}`,
      ticker(),
      '000000000',
      0,
      quiet,
    ),
    cusip: null,
    isin: british ? britishIsinOf(sedol) : continentalIsinOf(country, place),
    sedol,
    currency: british ? 'GBP' : 'EUR',
    assetClass: 'International equity',
    openingPrice: price(700, 24_000, 2),
  };
}

/**
 * Every security of the firm: cash, the core, then `others` less widely held ones.
 * Among the latter come first the share-class siblings, then two stocks that split on the first day.
 */
export function createSecurities(others: number, year: number, random: RandomStream): readonly Security[] {
  const drafts: (Draft & Partial<Pick<Security, 'split' | 'sibling'>>)[] = [
    {
      name: 'US dollar cash',
      type: 'cash',
      ticker: null,
      cusip: null,
      isin: null,
      sedol: null,
      currency: 'USD',
      assetClass: 'Cash',
      power: 0,
      quantityDecimals: 2,
      openingPrice: fixed(1, 0),
      quiet: false,
    },
  ];
  const tickers = new Set<string>();
  for (const row of KNOWN_STOCKS) drafts.push(known(row, random, drafts.length));
  for (const row of KNOWN_ETFS)
    drafts.push({
      ...known(row, random, drafts.length),
      type: 'etf',
      assetClass: row.ticker === 'AGG' ? 'Fixed income' : 'US equity',
    });
  for (const row of [...KNOWN_STOCKS, ...KNOWN_ETFS]) tickers.add(row.ticker);
  const firstOther = drafts.length;

  for (const row of KNOWN_SIBLINGS) {
    const sibling = drafts.findIndex((draft) => draft.ticker === row.siblingTicker);
    drafts.push({ ...known(row, random, drafts.length), sibling });
    drafts[sibling] = { ...(drafts[sibling] as Draft), sibling: drafts.length - 1 };
  }
  for (let pair = 0; pair < DUAL_CLASS_PAIRS; pair += 1) {
    const place = drafts.length;
    const name = companyName(place);
    const ticker = tickerFor(name, random, place, tickers);
    const cents = random.between(2_500, 21_000, place, 3);
    drafts.push(
      { ...stock(`${name} Inc class A`, `${ticker}.A`, cusipOf(place, '10'), cents, false), sibling: place + 1 },
      { ...stock(`${name} Inc class B`, `${ticker}.B`, cusipOf(place, '20'), cents + 137, false), sibling: place },
    );
  }
  for (const split of [
    { after: 2, before: 1 },
    { after: 3, before: 2 },
  ]) {
    const place = drafts.length;
    const name = companyName(place);
    const draft = stock(
      `${name} Inc`,
      tickerFor(name, random, place, tickers),
      cusipOf(place, '10'),
      random.between(18_000, 42_000, place, 3),
      true,
    );
    drafts.push({ ...draft, split });
  }
  while (drafts.length < firstOther + others) drafts.push(lesserKnown(drafts.length, random, year, tickers));
  return drafts.map((draft, index) => ({
    split: null,
    sibling: null,
    ...draft,
    index,
    key: `S${String(index).padStart(6, '0')}`,
  }));
}
