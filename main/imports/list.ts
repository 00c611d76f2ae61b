import type { Output } from '../../shared/contract/index.ts';
import type { ReadDb } from '../store/handles.ts';

type Item = Output<'imports.list'>['items'][number];

/** Files that were imported, newest first, those rolled back included. */
export function listImports(db: ReadDb): Output<'imports.list'> {
  const rows = db
    .prepare(
      `SELECT id, file_name AS fileName, institution, accounts, as_of AS asOf, at, actor AS by, rows, rejected,
         rolled_back_by IS NOT NULL AS rolledBack, operation_id AS operationId FROM imports ORDER BY id DESC`,
    )
    .all() as (Omit<Item, 'id' | 'operationId' | 'rolledBack'> & { id: number; operationId: number; rolledBack: number })[];
  return {
    items: rows.map((r) => ({ ...r, id: String(r.id), operationId: String(r.operationId), rolledBack: r.rolledBack === 1 })),
  };
}
