import { eq } from 'drizzle-orm';
import type { ReadDb, WritableDb } from './handles.ts';
import { orm } from './orm.ts';
import { settings } from './schema/identity.ts';

/** A setting as the JSON text it is stored as; undefined while nobody has set it. */
export const readSetting = (db: ReadDb, key: string): string | undefined =>
  orm(db).select({ value: settings.value }).from(settings).where(eq(settings.key, key)).get()?.value;

/** Keeps a setting as JSON text, over what stood there. */
export function writeSetting(db: WritableDb, key: string, value: string): void {
  orm(db).insert(settings).values({ key, value }).onConflictDoUpdate({ target: settings.key, set: { value } }).run();
}
