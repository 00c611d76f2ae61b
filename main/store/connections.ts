import { asc, count, eq, ne } from 'drizzle-orm';
import type { ReadDb } from './handles.ts';
import { orm } from './orm.ts';
import { connections } from './schema/identity.ts';
import { quarantinedRecords } from './schema/operations.ts';

export type ConnectionRecord = typeof connections.$inferSelect;

/** One connection as it is stored; undefined when there is none of that id. */
export const findConnection = (db: ReadDb, id: number): ConnectionRecord | undefined =>
  orm(db).select().from(connections).where(eq(connections.id, id)).get();

/** Connections that have not been disconnected, oldest first. */
export const liveConnections = (db: ReadDb): ConnectionRecord[] =>
  orm(db).select().from(connections).where(ne(connections.status, 'disconnected')).orderBy(asc(connections.id)).all();

/** The first records a sync set aside, and how many there are in all. */
export function quarantinedOf(db: ReadDb, operationId: number, limit: number) {
  const ofOperation = eq(quarantinedRecords.operationId, operationId);
  const { id, externalId, reason, path, raw } = quarantinedRecords;
  return {
    total: orm(db).select({ total: count() }).from(quarantinedRecords).where(ofOperation).get()?.total ?? 0,
    items: orm(db)
      .select({ id, externalId, reason, path, raw })
      .from(quarantinedRecords)
      .where(ofOperation)
      .orderBy(asc(id))
      .limit(limit)
      .all(),
  };
}
