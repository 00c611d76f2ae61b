import type { Position } from '../firm/position.ts';
import type { Security } from '../firm/security.ts';

export type ChangePosition = (position: Position, day: number) => Position;
/** None drops the position, two report it twice. */
export type ReplacePosition = (position: Position, day: number) => readonly Position[];

/** What one platform gets wrong, from day 1 on. */
export interface PlatformChanges {
  /** Changes that every holder of a security sees. */
  readonly bySecurity: ReadonlyMap<number, ChangePosition>;
  /** Changes of single positions: account, then security. */
  readonly byPosition: ReadonlyMap<number, ReadonlyMap<number, ReplacePosition>>;
  /** Positions that nobody else has, by account. */
  readonly added: ReadonlyMap<number, readonly ((day: number) => Position)[]>;
  /** How many records more (or fewer) than the truth an account has. */
  readonly countDelta: ReadonlyMap<number, number>;
  /** Records past the firm’s own, in order: [account, record number]. */
  readonly addedRecords: readonly (readonly [account: number, record: number])[];
  /** Securities known by ticker alone. */
  readonly tickerOnly: ReadonlySet<number>;
}

export interface ChangesBuilder extends PlatformChanges {
  changeSecurity(security: Security, change: ChangePosition): void;
  changePosition(position: Position, change: ChangePosition): void;
  drop(position: Position): void;
  repeat(position: Position, change: ChangePosition): void;
  add(account: number, make: (record: number, day: number) => Position): void;
  knowByTickerOnly(security: Security): void;
}

/** Collects one platform’s mistakes. `firstFree` is the first record number the firm does not use. */
export function createPlatformChanges(firstFree: number): ChangesBuilder {
  const bySecurity = new Map<number, ChangePosition>();
  const byPosition = new Map<number, Map<number, ReplacePosition>>();
  const added = new Map<number, ((day: number) => Position)[]>();
  const countDelta = new Map<number, number>();
  const addedRecords: (readonly [number, number])[] = [];
  const tickerOnly = new Set<number>();

  const newRecord = (account: number): number => {
    const record = firstFree + addedRecords.length;
    addedRecords.push([account, record]);
    countDelta.set(account, (countDelta.get(account) ?? 0) + 1);
    return record;
  };
  const replace = (position: Position, change: ReplacePosition): void => {
    const ofAccount = byPosition.get(position.account) ?? new Map<number, ReplacePosition>();
    ofAccount.set(position.security.index, change);
    byPosition.set(position.account, ofAccount);
  };
  return {
    bySecurity,
    byPosition,
    added,
    countDelta,
    addedRecords,
    tickerOnly,
    changeSecurity: (security, change) => void bySecurity.set(security.index, change),
    changePosition: (position, change) => replace(position, (now, day) => [change(now, day)]),
    drop(position) {
      replace(position, () => []);
      countDelta.set(position.account, (countDelta.get(position.account) ?? 0) - 1);
    },
    repeat(position, change) {
      const record = newRecord(position.account);
      replace(position, (now, day) => [now, { ...change(now, day), record }]);
    },
    add(account, make) {
      const record = newRecord(account);
      added.set(account, [...(added.get(account) ?? []), (day) => make(record, day)]);
    },
    knowByTickerOnly: (security) => void tickerOnly.add(security.index),
  };
}
