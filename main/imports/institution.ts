import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';

/** The connection that stands for an institution whose files are imported; null while none was. */
export function findInstitution(db: ReadDb, institution: string): number | null {
  // The setting and not the name: a person may rename the connection.
  const id = db
    .prepare(
      "SELECT id FROM connections WHERE platform = 'custodian_file' AND lower(settings ->> 'institution') = lower(?) ORDER BY id LIMIT 1",
    )
    .pluck()
    .get(institution) as number | undefined;
  return id ?? null;
}

function freeName(db: ReadDb, institution: string): string {
  const taken = db.prepare('SELECT 1 FROM connections WHERE name = ?');
  const names = [institution, `${institution} (files)`];
  for (let n = 2; ; n += 1) {
    const name = names.find((candidate) => taken.get(candidate) === undefined);
    if (name !== undefined) return name;
    names.push(`${institution} (files ${n})`);
  }
}

/** The connection of an institution, made when this is its first file, active again when it was disconnected. */
export function openInstitution(db: WritableDb, institution: string, context: Pick<JobContext, 'now'>): number {
  const now = context.now();
  const known = findInstitution(db, institution);
  if (known !== null) {
    db.prepare("UPDATE connections SET status = 'active', updated_at = ? WHERE id = ? AND status <> 'active'").run(now, known);
    return known;
  }
  const rank = db.prepare('SELECT coalesce(max(survivorship_rank), 0) + 1 FROM connections').pluck().get() as number;
  return db
    .prepare(
      `INSERT INTO connections (platform, name, base_url, settings, survivorship_rank, sync_every_minutes, created_at, updated_at)
       VALUES ('custodian_file', ?, '', ?, ?, 0, ?, ?)`,
    )
    .run(freeName(db, institution), JSON.stringify({ institution }), rank, now, now).lastInsertRowid as number;
}

/** After its last import was rolled back nothing of an institution is left but its history. */
export function closeEmptyInstitution(db: WritableDb, connectionId: number, context: Pick<JobContext, 'now'>): void {
  db.prepare(
    `UPDATE connections SET status = 'disconnected', updated_at = @now WHERE id = @id AND status = 'active'
     AND NOT EXISTS (SELECT 1 FROM sync_operations o WHERE o.connection_id = @id AND o.status = 'completed')`,
  ).run({ id: connectionId, now: context.now() });
}
