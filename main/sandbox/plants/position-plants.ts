import { fixed, minus, plus, rescale, times, valueOf, withLastDigit } from '../firm/fixed.ts';
import type { ManifestEntry, SandboxPlatform } from './manifest.ts';
import { sidesOf, type Planting } from './planting.ts';
import type { ChangePosition } from './platform-changes.ts';
import type { Unit } from './units.ts';

type What = Pick<ManifestEntry, 'kind' | 'class' | 'field' | 'note'>;

const isEquity = (unit: Unit): boolean => unit.now.security.type === 'stock' && unit.now.quantity.n > 0n;

/** The quantity rounded to `decimals` still shows that many, differs from the exact one, and is no tie. */
const roundsVisibly = (unit: Unit, decimals: number): boolean => {
  const { quantity, security } = unit.now;
  const rounded = rescale(quantity, decimals);
  return (
    security.type === 'fund' && rounded.n % 10n !== 0n && quantity.n % 10n !== 5n && rescale(rounded, quantity.s).n !== quantity.n
  );
};

/** Amounts that differ on one platform for one position. */
export function plantOnPositions(planting: Planting): void {
  const { firm, picker, changes, record, scaled } = planting;
  const random = firm.random('position-plant');

  const plant = (
    platform: SandboxPlatform,
    count: number,
    what: What,
    matches: (unit: Unit) => boolean,
    change: (unit: Unit) => ChangePosition,
  ): void => {
    for (const unit of picker.pick(scaled(count), matches)) {
      changes[platform].changePosition(unit.now, change(unit));
      record({ ...what, platform, sides: sidesOf(platform) }, unit.now.account, unit.now.security);
    }
  };

  const rounded: What = {
    kind: 'quantity_rounded',
    class: 'rounding',
    field: 'quantity',
    note: 'Units are rounded to two decimals',
  };
  for (const [platform, count] of [
    ['orion', 14],
    ['black_diamond', 4],
  ] as const)
    plant(
      platform,
      count,
      rounded,
      (unit) => unit.opening !== null && roundsVisibly(unit, 2),
      () => (position) => {
        const quantity = rescale(position.quantity, 2);
        return { ...position, quantity, value: valueOf(quantity, position.price, position.security.power) };
      },
    );

  const quantity: What = {
    kind: 'quantity',
    class: 'quantity',
    field: 'quantity',
    note: 'A purchase of the day is booked with other units',
  };
  for (const [platform, count] of [
    ['addepar', 8],
    ['orion', 4],
  ] as const)
    plant(
      platform,
      count,
      quantity,
      (unit) => isEquity(unit) && unit.now.quantity.n >= 40n,
      () => (position) => {
        const more = plus(position.quantity, times(position.quantity, random.between(3, 9, position.record), 100));
        return { ...position, quantity: more, value: valueOf(more, position.price, position.security.power) };
      },
    );

  const costs: What = {
    kind: 'cost_basis',
    class: 'cost_basis',
    field: 'costBasis',
    note: 'Addepar adjusts the cost for a wash sale',
  };
  plant(
    'addepar',
    14,
    costs,
    (unit) => isEquity(unit) && unit.now.value.n > 100_000n,
    () => (position) => ({
      ...position,
      cost:
        position.cost && withLastDigit(plus(position.cost, times(position.cost, random.between(8, 90, position.record), 1000))),
    }),
  );

  const cash: What = {
    kind: 'cash',
    class: 'cash',
    field: 'cash',
    note: 'A deposit of the day is in one system and not in the other',
  };
  for (const platform of ['orion', 'addepar'] as const)
    plant(
      platform,
      5,
      cash,
      (unit) => unit.now.security.type === 'cash',
      () => (position) => {
        const total = withLastDigit(plus(position.quantity, fixed(random.between(2_511, 480_000, position.record), 2)));
        return { ...position, quantity: total, value: total };
      },
    );

  const face: What = {
    kind: 'bond_units',
    class: 'multiplier',
    field: 'quantity',
    note: 'Orion counts the bond in hundreds of face value',
  };
  plant(
    'orion',
    4,
    face,
    (unit) => unit.now.security.type === 'bond',
    () => (position) => ({
      ...position,
      quantity: { n: position.quantity.n / 100n, s: position.quantity.s },
    }),
  );

  const contracts: What = {
    kind: 'option_value',
    class: 'multiplier',
    field: 'marketValue',
    note: 'Addepar leaves out the contract size of 100',
  };
  plant(
    'addepar',
    3,
    contracts,
    (unit) => unit.now.security.type === 'option',
    () => (position) => ({
      ...position,
      value: valueOf(position.quantity, position.price, 0),
    }),
  );

  const accrued: What = {
    kind: 'accrued_in_value',
    class: 'self_inconsistent',
    field: 'marketValue',
    note: 'Orion counts accrued interest into the value',
  };
  plant(
    'orion',
    4,
    accrued,
    (unit) => unit.now.security.type === 'bond',
    () => (position) => ({
      ...position,
      value: withLastDigit(
        plus(position.value, valueOf(position.quantity, fixed(random.between(900, 2_100, position.record), 3), -2)),
      ),
    }),
  );
}

/** Positions that one platform lacks, has besides, has twice, or has somewhere else. */
export function plantOnPresence(planting: Planting): void {
  const { firm, picker, changes, record, scaled } = planting;
  const random = firm.random('presence-plant');
  const steady = (unit: Unit): boolean => isEquity(unit) && unit.opening !== null && unit.now.security.sibling === null;

  for (const [platform, count] of [
    ['addepar', 3],
    ['orion', 2],
  ] as const)
    for (const unit of picker.pickPresence(
      scaled(count),
      (row) => isEquity(row) && row.opening !== null && row.now.security.sibling !== null,
    )) {
      const other = firm.securities[unit.now.security.sibling ?? 0];
      const held = firm.positions(unit.now.account, 1).some((position) => position.security.index === other?.index);
      if (!other || held) continue;
      const note = `${other.name} is booked in place of ${unit.now.security.name}`;
      changes[platform].drop(unit.now);
      changes[platform].add(unit.now.account, (recordNo, day) => {
        const price = firm.prices(day)[other.index] ?? other.openingPrice;
        return { ...unit.now, record: recordNo, security: other, price, value: valueOf(unit.now.quantity, price, other.power) };
      });
      for (const security of [unit.now.security, other])
        record(
          { kind: 'share_class', class: 'identifier', platform, sides: sidesOf(platform), field: 'presence', note },
          unit.now.account,
          security,
        );
    }

  for (const [platform, count] of [
    ['addepar', 3],
    ['orion', 2],
  ] as const)
    for (const unit of picker.pickPresence(scaled(count), steady)) {
      const other = picker.otherAccount(unit.now.account, unit.now.security);
      if (other === null) continue;
      const note = `The position of ${firm.accounts[unit.now.account]?.number} is booked to ${firm.accounts[other]?.number}`;
      changes[platform].drop(unit.now);
      changes[platform].add(other, (recordNo, day) => {
        const price = firm.prices(day)[unit.now.security.index] ?? unit.now.price;
        return {
          ...unit.now,
          record: recordNo,
          account: other,
          price,
          value: valueOf(unit.now.quantity, price, unit.now.security.power),
        };
      });
      for (const account of [unit.now.account, other])
        record(
          { kind: 'wrong_account', class: 'account_mapping', platform, sides: sidesOf(platform), field: 'presence', note },
          account,
          unit.now.security,
        );
    }

  for (const [platform, count] of [
    ['addepar', 5],
    ['orion', 4],
  ] as const)
    for (const unit of picker.pickPresence(scaled(count), steady)) {
      changes[platform].drop(unit.now);
      record(
        {
          kind: 'missing',
          class: 'missing',
          platform,
          sides: sidesOf(platform),
          field: 'presence',
          note: 'The position is not in the feed',
        },
        unit.now.account,
        unit.now.security,
      );
    }

  for (const [platform, count] of [
    ['addepar', 5],
    ['orion', 3],
  ] as const)
    for (const unit of picker.pickPresence(scaled(count), steady)) {
      const { account } = unit.now;
      const security = picker.unheldStock(account);
      if (!security) continue;
      const quantity = fixed(random.between(23, 780, unit.now.record), 0);
      changes[platform].add(account, (recordNo, day) => {
        const price = firm.prices(day)[security.index] ?? security.openingPrice;
        const value = valueOf(quantity, price, security.power);
        return { record: recordNo, account, security, quantity, price, value, cost: minus(value, fixed(1_237, 2)) };
      });
      record(
        {
          kind: 'extra',
          class: 'extra',
          platform,
          sides: sidesOf(platform),
          field: 'presence',
          note: 'Only this platform has the position',
        },
        account,
        security,
      );
    }

  for (const unit of picker.pickPresence(scaled(5), steady)) {
    // The second record carries no cost, as a second download of the same position does: the total stays right.
    changes.orion.repeat(unit.now, (position) => ({ ...position, cost: fixed(0, 2) }));
    record(
      {
        kind: 'duplicate',
        class: 'duplicate',
        platform: 'orion',
        sides: ['orion'],
        field: 'quantity',
        note: 'The position was downloaded twice',
      },
      unit.now.account,
      unit.now.security,
    );
  }
}
