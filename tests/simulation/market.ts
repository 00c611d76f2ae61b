import { mul, type Dec } from '../../shared/model/decimal.ts';
import { addDays, calendarDate } from '../../shared/model/date.ts';
import type { Platform, Stated } from './platform.ts';
import type { SeededRandom } from './seeded-random.ts';

export const ACCOUNTS = [7001, 7002, 7003, 7004] as const;
const SECURITIES = 12;

const amount = (random: SeededRandom, below: number, decimals: number): string => {
  const digits = String(1 + random.below(below * 10 ** decimals)).padStart(decimals + 1, '0');
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, '');
  return text === '' || text === '0' ? '1' : text;
};

const stated = (random: SeededRandom, at: Pick<Stated, 'id' | 'account' | 'security' | 'asOf'>): Stated => {
  const quantity = amount(random, 900, 4);
  const price = amount(random, 400, 2);
  return { ...at, quantity, price, value: mul(quantity as Dec, price as Dec), cost: amount(random, 9000, 2) };
};

/** What the firm holds when the run begins: about half of all pairs of account and security. */
export function firstList(random: SeededRandom): ReadonlyMap<number, Stated> {
  const list = new Map<number, Stated>();
  for (const account of ACCOUNTS)
    for (let security = 1; security <= SECURITIES; security += 1)
      if (random.chance(0.55)) {
        const id = account * 100 + security;
        list.set(id, stated(random, { id, account, security, asOf: '2026-11-19' }));
      }
  return list;
}

/** Lets something happen at the custodians: mostly all platforms hear of it, sometimes one alone. */
export function createMarket(random: SeededRandom, platforms: readonly Platform[]) {
  let nextId = 1_000_000;

  const heardBy = (): readonly Platform[] => (random.chance(0.7) ? platforms : [random.pick(platforms)]);

  function trade(): void {
    const heard = heardBy();
    const source = random.pick(heard);
    const known = source.generations.at(-1);
    const position = known && known.size > 0 ? random.pick([...known.values()]) : null;
    if (!position) return;
    const after = stated(random, position);
    for (const platform of heard)
      platform.change((list) => {
        const same = [...list.values()].find((s) => s.account === position.account && s.security === position.security);
        if (same) list.set(same.id, { ...after, id: same.id, asOf: same.asOf });
      });
  }

  function close(): void {
    const known = random.pick(platforms).generations.at(-1);
    const position = known && known.size > 12 ? random.pick([...known.values()]) : null;
    if (!position) return;
    for (const platform of heardBy())
      platform.change((list) => {
        for (const s of list.values()) if (s.account === position.account && s.security === position.security) list.delete(s.id);
      });
  }

  function open(): void {
    const at = { account: random.pick(ACCOUNTS), security: 1 + random.below(SECURITIES) };
    const id = (nextId += 1);
    const heard = heardBy();
    const asOf = heard[0]?.generations.at(-1)?.values().next().value?.asOf ?? '2026-11-19';
    const position = stated(random, { ...at, id, asOf });
    for (const platform of heard)
      platform.change((list) => {
        if ([...list.values()].some((s) => s.account === at.account && s.security === at.security)) return;
        list.set(id, { ...position, asOf: list.values().next().value?.asOf ?? asOf });
      });
  }

  function nextDay(): void {
    for (const platform of platforms)
      platform.change((list) => {
        for (const s of list.values()) list.set(s.id, { ...s, asOf: addDays(calendarDate(s.asOf), 1) });
      });
  }

  return (): void => random.pick([trade, trade, trade, trade, close, open, open, nextDay])();
}
