import { rescale, valueOf, withLastDigit, type Fixed } from '../firm/fixed.ts';
import type { Position } from '../firm/position.ts';
import type { Security } from '../firm/security.ts';
import type { ManifestEntry, SandboxPlatform } from './manifest.ts';
import { sidesOf, type Planting } from './planting.ts';

/** Positions, in a firm of the default size, whose price comes from another vendor on one platform. */
const VENDOR_SHARE = 0.115;
const VENDOR_TYPICAL = 690;
const LARGE_FIRM_SHARE = 0.005;
const VENDOR_CAP = 5_000;

const vendorTarget = (holdings: number): number =>
  Math.min(Math.round(holdings * VENDOR_SHARE), Math.max(VENDOR_TYPICAL, Math.round(holdings * LARGE_FIRM_SHARE)), VENDOR_CAP);

const repriced = (position: Position, price: Fixed): Position => ({
  ...position,
  price,
  value: valueOf(position.quantity, price, position.security.power),
});

/** Another vendor’s price: 0.03 % to 0.25 % away, with as many decimals, and clear of the previous day’s price. */
function vendorPrice(planting: Planting, security: Security, day: number): Fixed {
  const random = planting.firm.random('vendor');
  const ours = planting.firm.prices(day)[security.index] ?? security.openingPrice;
  const before = planting.firm.prices(day - 1)[security.index] ?? security.openingPrice;
  const sign = random.chance(500, security.index) ? 1n : -1n;
  const step = (ours.n * BigInt(random.between(4, 25, security.index, day))) / 10_000n;
  const away = withLastDigit({ n: ours.n + sign * step, s: ours.s });
  const gap = away.n - before.n;
  return gap < 40n && gap > -40n ? withLastDigit({ n: away.n + sign * 80n, s: away.s }) : away;
}

interface Holders {
  readonly counts: Int32Array;
  readonly heldByLookalike: ReadonlySet<number>;
}

function countHolders(planting: Planting): Holders {
  const { slots, accounts, securities } = planting.firm;
  const counts = new Int32Array(securities.length);
  const heldByLookalike = new Set<number>();
  for (const account of accounts)
    for (let slot = 1; slot < slots.count(account.index); slot += 1) {
      const security = slots.security(account.index, slot);
      counts[security] = (counts[security] ?? 0) + 1;
      if (account.lookalike) heldByLookalike.add(security);
    }
  return { counts, heldByLookalike };
}

/** Plants that every holder of a security sees: vendor prices, stale prices, late splits, rounded prices, lost identifiers. */
export function plantOnSecurities(planting: Planting): void {
  const { firm, picker, changes, record, scaled } = planting;
  const { counts, heldByLookalike } = countHolders(planting);
  type Finding = Pick<ManifestEntry, 'kind' | 'class' | 'field' | 'note'>;
  const findings = new Map<number, Finding & { readonly platform: SandboxPlatform }>();
  const holders = (security: Security): number => counts[security.index] ?? 0;

  const candidates = firm.securities.filter(
    (security) => security.quiet && holders(security) > 0 && !heldByLookalike.has(security.index),
  );
  const note = (security: Security, platform: SandboxPlatform, finding: Finding): void => {
    picker.reserve(security);
    findings.set(security.index, { ...finding, platform });
  };
  const take = (count: number, matches: (security: Security) => boolean): readonly Security[] => {
    const few = candidates.filter(
      (security) => !findings.has(security.index) && holders(security) >= 2 && holders(security) <= 9 && matches(security),
    );
    return few.slice(0, count);
  };

  let vendorPositions = 0;
  const wanted = vendorTarget(firm.slots.total);
  for (const security of candidates) {
    if (security.type !== 'bond' || vendorPositions >= wanted || security.index % 11 === 0) continue;
    vendorPositions += holders(security);
    changes.addepar.changeSecurity(security, (position, day) => repriced(position, vendorPrice(planting, security, day)));
    note(security, 'addepar', {
      kind: 'price_vendor',
      class: 'price_source',
      field: 'price',
      note: 'Addepar prices this bond from another vendor',
    });
  }

  for (const security of candidates) {
    const { split } = security;
    if (!split) continue;
    const platform: SandboxPlatform = split.after === 2 ? 'addepar' : 'orion';
    changes[platform].changeSecurity(security, (position) => ({
      ...position,
      quantity: { n: (position.quantity.n * BigInt(split.before)) / BigInt(split.after), s: position.quantity.s },
      price: { n: (position.price.n * 10n * BigInt(split.after)) / BigInt(split.before), s: position.price.s + 1 },
    }));
    note(security, platform, {
      kind: 'split_not_applied',
      class: 'corporate_action',
      field: 'quantity',
      note: `The ${split.after}-for-${split.before} split is not applied here yet`,
    });
  }

  const stale: readonly (readonly [SandboxPlatform, number])[] = [
    ['orion', 4],
    ['addepar', 3],
    ['black_diamond', 1],
  ];
  for (const [platform, count] of stale)
    for (const security of take(
      scaled(count),
      (row) => row.split === null && (row.type === 'stock' || row.type === 'fund' || row.type === 'etf'),
    )) {
      changes[platform].changeSecurity(security, (position) =>
        repriced(position, firm.prices(0)[security.index] ?? position.price),
      );
      note(security, platform, {
        kind: 'stale_price',
        class: 'stale_price',
        field: 'price',
        note: 'The price is still the one of the previous business day',
      });
    }

  const visiblyRounded = (security: Security): boolean => {
    const price = firm.prices(1)[security.index] ?? security.openingPrice;
    const rounded = rescale(price, 2);
    const gap = rounded.n * 100n - price.n;
    const relative = ((gap < 0n ? -gap : gap) * 1_000_000n) / price.n;
    return rounded.n % 10n !== 0n && relative >= 150n && gap !== 50n && gap !== -50n;
  };
  for (const security of take(scaled(2), (row) => row.type === 'fund' && visiblyRounded(row))) {
    changes.addepar.changeSecurity(security, (position) => repriced(position, rescale(position.price, 2)));
    note(security, 'addepar', {
      kind: 'price_rounded',
      class: 'rounding',
      field: 'marketValue',
      note: 'Addepar values the fund at its price rounded to cents',
    });
  }

  for (const security of take(scaled(1), (row) => row.type === 'stock' && row.cusip !== null && row.split === null)) {
    changes.orion.knowByTickerOnly(security);
    note(security, 'orion', {
      kind: 'ticker_only',
      class: 'identifier',
      field: 'presence',
      note: 'Orion knows the security by ticker alone, so its positions wait for a person to link it',
    });
  }

  for (const account of firm.accounts)
    for (let slot = 1; slot < firm.slots.count(account.index); slot += 1) {
      const security = firm.securities[firm.slots.security(account.index, slot)];
      const finding = security && findings.get(security.index);
      if (security && finding) record({ ...finding, sides: sidesOf(finding.platform) }, account.index, security);
    }
}

/** Accounts whose numbers look alike: their positions stay unlinked until a person says which is which. */
export function plantLookalikes(planting: Planting): void {
  for (const account of planting.firm.accounts)
    if (account.lookalike)
      planting.record(
        {
          kind: 'lookalike_account',
          class: null,
          platform: 'clearway',
          sides: [],
          field: null,
          note: 'Two account numbers of one custodian are equal after normalising; no platform’s account is linked until a person decides',
        },
        account.index,
        null,
      );
}
