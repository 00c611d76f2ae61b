import { abs, cmp, type Dec } from '../../../shared/model/decimal.ts';
import type { ConflictField } from '../../../shared/model/holding.ts';
import type { ConflictDetail } from './decision.ts';

type FieldView = ConflictDetail['fields'][number];
type SourceView = FieldView['sources'][number];

/** What one source says about one field. `value` is an amount, or `held` and `not_held`. */
export interface SourceCell extends Pick<
  SourceView,
  'connectionId' | 'connectionName' | 'asOf' | 'modifiedAt' | 'receivedAt' | 'recordId' | 'held'
> {
  readonly value: string | null;
  readonly differs: boolean;
}

/** The base of a field: one value, or one per source where they were agreed on at different times. */
export interface BaseCell {
  readonly value: string | null;
  readonly of: readonly string[];
}

export interface SideBySideRow {
  readonly field: ConflictField;
  readonly inConflict: boolean;
  readonly agrees: boolean;
  readonly bases: readonly BaseCell[];
  readonly clearway: string | null;
  readonly provenance: FieldView['clearwayProvenance'] | null;
  readonly sources: readonly SourceCell[];
  /** Largest distance of a source from Clearway, with its sign, and whose it is when there are several sources. */
  readonly difference: { readonly amount: Dec; readonly percent: Dec | null; readonly of: string | null } | null;
}

const basesOf = (sources: readonly SourceView[]): BaseCell[] => {
  const held = sources.filter((source) => source.held || source.base !== null);
  const groups = Map.groupBy(held, (source) => source.base);
  return [...groups].map(([value, group]) => ({
    value,
    of: groups.size === 1 ? [] : group.map((source) => source.connectionName),
  }));
};

const largest = (sources: readonly SourceView[]): SideBySideRow['difference'] => {
  const measured = sources.flatMap((source) =>
    source.difference === null || source.difference === '0' ? [] : [{ source, amount: source.difference }],
  );
  const [first, ...rest] = measured;
  if (!first) return null;
  const widest = rest.reduce((best, next) => (cmp(abs(next.amount), abs(best.amount)) > 0 ? next : best), first);
  const reporting = sources.filter((source) => source.value !== null).length;
  return {
    amount: widest.amount,
    percent: widest.source.differencePercent,
    of: reporting > 1 ? widest.source.connectionName : null,
  };
};

const fieldRow = (view: FieldView): SideBySideRow => ({
  field: view.field,
  inConflict: view.inConflict,
  agrees: view.agrees && !view.inConflict,
  bases: basesOf(view.sources),
  clearway: view.clearway,
  provenance: view.clearwayProvenance,
  sources: view.sources.map((source) => ({ ...source, differs: source.value !== null && source.value !== view.clearway })),
  difference: largest(view.sources),
});

/** Whether the position exists is no field of the record: it is put together from who reports it. */
const presenceRow = ({ row, fields }: ConflictDetail): SideBySideRow => ({
  field: 'presence',
  inConflict: true,
  agrees: false,
  bases: row.base === null ? [] : [{ value: row.base, of: [] }],
  clearway: row.clearway,
  // Who says that Clearway does not hold it is not recorded with the values.
  provenance: row.clearway === 'held' ? (fields[0]?.clearwayProvenance ?? null) : null,
  sources: (fields[0]?.sources ?? []).map((source) => {
    const value = source.held ? 'held' : 'not_held';
    return { ...source, value, differs: value !== row.clearway };
  }),
  difference: null,
});

/** The rows of the table beside each other: the field in conflict first, then what differs, then what agrees. */
export const sideBySideRows = (
  detail: ConflictDetail,
): { readonly shown: readonly SideBySideRow[]; readonly agreeing: readonly SideBySideRow[] } => {
  const rows = [...(detail.row.field === 'presence' ? [presenceRow(detail)] : []), ...detail.fields.map(fieldRow)];
  const inConflict = rows.filter((row) => row.inConflict);
  return {
    shown: [...inConflict, ...rows.filter((row) => !row.inConflict && !row.agrees)],
    agreeing: rows.filter((row) => row.agrees),
  };
};
