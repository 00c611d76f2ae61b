import type { RandomStream } from './random.ts';

const TREES = [
  'Alder',
  'Aspen',
  'Beech',
  'Birch',
  'Cedar',
  'Cypress',
  'Elm',
  'Fir',
  'Hazel',
  'Hemlock',
  'Juniper',
  'Larch',
  'Linden',
  'Maple',
  'Oak',
  'Pine',
  'Poplar',
  'Rowan',
  'Spruce',
  'Sycamore',
  'Tamarack',
  'Walnut',
  'Willow',
  'Yew',
];
const PLACES = [
  'brook',
  'combe',
  'dale',
  'field',
  'ford',
  'gate',
  'haven',
  'hill',
  'lake',
  'mere',
  'moor',
  'shore',
  'vale',
  'wood',
];
const WATERS = [
  'Columbia',
  'Danube',
  'Delaware',
  'Elbe',
  'Hudson',
  'Klamath',
  'Mersey',
  'Moselle',
  'Neckar',
  'Ohio',
  'Platte',
  'Potomac',
  'Rhone',
  'Saginaw',
  'Severn',
  'Shannon',
  'Susquehanna',
  'Tagus',
  'Tamar',
  'Tweed',
  'Wabash',
  'Yukon',
];
const TRADES = [
  'Analytics',
  'Biologics',
  'Components',
  'Energy',
  'Foods',
  'Freight',
  'Health',
  'Instruments',
  'Logistics',
  'Materials',
  'Networks',
  'Paper',
  'Power',
  'Robotics',
  'Semiconductor',
  'Software',
  'Steel',
  'Therapeutics',
  'Tools',
  'Water',
];

const at = (words: readonly string[], index: number): string => words[index % words.length] ?? '';

/** A place name such as Birchwood. Distinct for the first 336 indices; later ones carry a number. */
export function placeName(index: number): string {
  const combinations = TREES.length * PLACES.length;
  const within = (index * 157) % combinations; // 157 shares no factor with 336, so neighbours look unrelated
  const round = Math.floor(index / combinations);
  return `${at(TREES, within)}${at(PLACES, Math.floor(within / TREES.length))}${round === 0 ? '' : ` ${round + 1}`}`;
}

/** A company name such as Tamar Instruments. Distinct for the first 13,800 indices; later ones carry a number. */
export function companyName(index: number): string {
  const first = [...WATERS, ...TREES.map((tree) => `${tree} Ridge`)];
  const short = first.length * TRADES.length;
  const within = (index * 353) % short; // 353 shares no factor with 920
  const round = Math.floor(index / short);
  const name = `${at(first, within)} ${at(TRADES, Math.floor(within / first.length))}`;
  return round === 0
    ? name
    : round <= PLACES.length
      ? `${at(PLACES, round - 1).replace(/^./, (c) => c.toUpperCase())} ${name}`
      : `${name} ${round}`;
}

/** A ticker of the capitals of a name, with letters and `suffix` added, that `taken` does not have yet. */
export function tickerFor(name: string, random: RandomStream, index: number, taken: Set<string>, suffix = ''): string {
  const initials = name.replace(/[^A-Z]/g, '').slice(0, 2);
  for (let attempt = 0; ; attempt += 1) {
    const letters = attempt < 4000 ? 2 : 3;
    let ticker = initials;
    for (let i = 0; i < letters; i += 1) ticker += String.fromCharCode(65 + random.below(26, index, attempt * 8 + i));
    ticker += suffix;
    if (!taken.has(ticker)) {
      taken.add(ticker);
      return ticker;
    }
  }
}
