import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import type { BreakWriter, FoundBreak } from './break-writer.ts';
import { compareCash, readCash } from './cash.ts';
import { bookUnit, oneSidedBreaks, untiedUnits, type OneSidedUnit } from './one-sided-units.ts';
import { accountsOf, accountsOfTheDate, checkCancelled, eachHoldingIn, pairRecords, type Pairing } from './pairing.ts';
import type { RunTolerances } from './settings.ts';
import type { Connection } from './sides.ts';
import { createRecordReader, isNothing, readPositions, sideOf, type SideRecord } from './source-units.ts';
import { createUnitComparison } from './unit-breaks.ts';

export interface SideResult {
  readonly compared: number;
  readonly matched: number;
  /** Positions that carry another date than the side and were not compared. */
  readonly leftOut: number;
}

export interface SideTask {
  readonly connection: Connection;
  readonly asOf: string;
  readonly asOfDiffers: boolean;
  readonly accountIds: readonly number[] | null;
  readonly tolerances: RunTolerances;
}

/** Positions looked at between two chances to stop. */
const BATCH = 2000;

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += BATCH) yield items.slice(i, i + BATCH);
}

/** The position a record belongs to once a person has tied its account and security; it joins the book with the next sync. */
function createTie(db: WritableDb, connectionId: number): (record: SideRecord) => number | null {
  const find = db
    .prepare(
      `SELECT h.id FROM account_links a JOIN security_links s ON s.connection_id = a.connection_id AND s.external_id = @security
       JOIN holdings h ON h.account_id = a.account_id AND h.security_id = s.security_id
       WHERE a.connection_id = @connection AND a.external_id = @account`,
    )
    .pluck();
  return (record) =>
    (find.get({ connection: connectionId, account: record.accountExternalId, security: record.securityExternalId }) as
      | number
      | undefined) ?? null;
}

/** Records that need an exact look, by position; and those that belong to no position of the book. */
function gather(db: WritableDb, connectionId: number, pairing: Pairing, read: ReturnType<typeof createRecordReader>) {
  const tie = createTie(db, connectionId);
  const byHolding = new Map<number, Map<number, SideRecord>>();
  const untied: SideRecord[] = [];
  const groupOf = (holdingId: number): Map<number, SideRecord> => {
    const known = byHolding.get(holdingId);
    if (known) return known;
    const equal = (pairing.equal[holdingId] ?? 0) > 0 ? read.ofHolding(holdingId) : [];
    const group = new Map(equal.map((r) => [r.id, r]));
    byHolding.set(holdingId, group);
    return group;
  };
  for (const id of pairing.repeated) groupOf(id);
  for (const id of pairing.suspects) {
    const record = read.one(id);
    const holdingId = record.holdingId ?? tie(record);
    if (holdingId === null) untied.push(record);
    else groupOf(holdingId).set(id, record);
  }
  const groups = new Map([...byHolding].map(([id, group]) => [id, [...group.values()]]));
  for (const id of pairing.elsewhere) groups.delete(id);
  return { groups, untied };
}

/** Compares Clearway with one side and stores the breaks. `report` is told the share that is done. */
export function compareSide(
  db: WritableDb,
  { connection, asOf, asOfDiffers, accountIds, tolerances }: SideTask,
  writer: BreakWriter,
  context: JobContext,
  report: (share: number) => void,
): SideResult {
  const side = { connectionId: connection.id, name: connection.name, asOf, asOfDiffers };
  const pairing = pairRecords(db, side, accountIds, context, (share) => report(share * 0.6));
  const { equal, elsewhere } = pairing;
  const read = createRecordReader(db, side);
  const { groups, untied } = gather(db, connection.id, pairing, read);
  const cash = readCash(db);
  const isReported = (id: number): boolean => !elsewhere.has(id) && ((equal[id] ?? 0) > 0 || groups.has(id));
  const accounts = accountsOfTheDate(db, accountsOf(db, connection, asOf, accountIds), elsewhere, isReported);
  const accountSet = new Set(accounts);

  let compared = 0;
  let broken = 0;
  const store = (breaks: readonly FoundBreak[]): void => {
    for (const b of breaks) writer.add(b);
  };

  const oneSided: OneSidedUnit[] = untiedUnits(db, connection.id, untied, accountSet);
  const compareUnit = createUnitComparison(db, side, tolerances);
  for (const batch of batches([...groups.keys()].filter((id) => !cash.has(id)))) {
    checkCancelled(context);
    for (const position of readPositions(db, batch).values()) {
      const records = groups.get(position.holdingId) ?? [];
      if (!accountSet.has(position.accountId)) continue;
      if (!position.held) {
        const { values } = sideOf(side.name, records);
        if (!isNothing(values)) oneSided.push(bookUnit(position, 'other', values, records[0]?.currency ?? position.currency));
        continue;
      }
      compared += 1;
      const breaks = compareUnit(position, records);
      if (breaks.length > 0) broken += 1;
      store(breaks);
    }
  }
  report(0.75);

  const silent: number[] = [];
  eachHoldingIn(db, accounts, context, (id) => {
    if (groups.has(id) || elsewhere.has(id) || cash.has(id)) return;
    if (equal[id] === 0) silent.push(id);
    else compared += 1;
  });
  for (const batch of batches(silent)) {
    checkCancelled(context);
    for (const position of readPositions(db, batch).values())
      if (position.held && !isNothing(position.values))
        oneSided.push(bookUnit(position, 'clearway', position.values, position.currency));
  }
  store(oneSidedBreaks(oneSided, side.name));
  report(0.9);

  const cashResult = compareCash(
    cash,
    side,
    accountSet,
    {
      isEqual: (id) => equal[id] === 1 && !groups.has(id) && !elsewhere.has(id),
      isReported: (id) => isReported(id) || elsewhere.has(id),
      records: read.ofHolding,
    },
    tolerances,
  );
  store(cashResult.breaks);
  report(1);

  compared += oneSided.length + cashResult.compared;
  broken += oneSided.length + cashResult.breaks.length;
  const otherDate = [...elsewhere].filter((id) => !cash.has(id)).length;
  return { compared, matched: compared - broken, leftOut: otherDate + cashResult.leftOut };
}
