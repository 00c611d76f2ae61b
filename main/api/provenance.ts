import type { z } from 'zod';
import type { provenance } from '../../shared/contract/book.ts';
import type { ValueField } from '../../shared/model/holding.ts';
import type { ReadDb } from '../store/handles.ts';

type Provenance = z.output<typeof provenance>;

/** Reads an origin such as `s:2:17` (connection 2, operation 17) or `b:9` (batch 9) into who, when and why. */
export function createProvenanceReader(db: ReadDb): (origin: string) => Provenance {
  const operation = db.prepare(
    `SELECT c.name, o.kind, coalesce(o.finished_at, o.started_at) AS at FROM sync_operations o JOIN connections c ON c.id = o.connection_id WHERE o.id = ?`,
  );
  const batch = db.prepare('SELECT kind, actor, at, summary, note FROM batches WHERE id = ?');
  const known = new Map<string, Provenance>();

  const read = (origin: string): Provenance => {
    const [kind, first, second] = origin.split(':');
    if (kind === 's') {
      const row = operation.get(Number(second)) as { name: string; kind: string; at: string } | undefined;
      return {
        kind: row?.kind === 'import' ? 'import' : 'platform',
        label: row?.name ?? 'A platform',
        at: row?.at ?? null,
        operationId: second ?? null,
        batchId: null,
        note: null,
      };
    }
    const row = batch.get(Number(first)) as
      | { kind: string; actor: string; at: string; summary: string; note: string }
      | undefined;
    const what = row?.kind === 'opening' ? 'opening' : row?.kind === 'edit' ? 'edit' : 'decision';
    return {
      kind: what,
      label: row?.actor ?? 'Clearway',
      at: row?.at ?? null,
      operationId: null,
      batchId: first ?? null,
      note: row?.note || row?.summary || null,
    };
  };

  return (origin) => {
    let value = known.get(origin);
    if (!value) {
      value = read(origin);
      known.set(origin, value);
    }
    return value;
  };
}

/** The origin of one field of a position or record. */
export function originOf(row: { readonly origin: string; readonly fieldOrigins: string | null }, field: ValueField): string {
  const origins = row.fieldOrigins === null ? {} : (JSON.parse(row.fieldOrigins) as Partial<Record<ValueField, string>>);
  return origins[field] ?? row.origin;
}
