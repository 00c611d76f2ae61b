import type { ReadDb } from '../store/handles.ts';

/** One import as stored. */
export interface ImportedFile {
  readonly id: number;
  readonly fileName: string;
  readonly sha256: string;
  readonly operationId: number;
  readonly batchId: number;
  readonly connectionId: number;
  readonly rolledBackBy: number | null;
}

export const readImport = (db: ReadDb, id: number): ImportedFile | null =>
  (db
    .prepare(
      `SELECT i.id, i.file_name AS fileName, i.sha256, i.operation_id AS operationId, i.batch_id AS batchId,
         o.connection_id AS connectionId, i.rolled_back_by AS rolledBackBy
       FROM imports i JOIN sync_operations o ON o.id = i.operation_id WHERE i.id = ?`,
    )
    .get(id) as ImportedFile | undefined) ?? null;
