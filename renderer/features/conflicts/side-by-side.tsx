import {
  BookOpen,
  Cable,
  Check,
  ChevronDown,
  ChevronRight,
  Clock,
  FileText,
  Gavel,
  PencilLine,
  TriangleAlert,
} from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useRuntime } from '../../app/runtime.tsx';
import { Badge } from '../../components/badge.tsx';
import { counted, FIELD_SCALE, formatPercent, formatSigned, QUANTITY } from '../../format/amount.ts';
import { exactInstant, formatAgo, formatDate } from '../../format/time.ts';
import { FIELD_NAME } from '../../format/words.ts';
import { ConflictValue } from './conflict-value.tsx';
import { isUndecided, type ConflictDetail, type SourceKey } from './decision.ts';
import { subjectName } from './subject-words.ts';
import { sideBySideRows, type SideBySideRow, type SourceCell } from './side-by-side-rows.ts';

type Origin = NonNullable<SideBySideRow['provenance']>;

const ORIGIN: Readonly<Record<Origin['kind'], { readonly icon: ReactNode; readonly word: string; readonly tone: string }>> = {
  platform: { icon: <Cable size={11} aria-hidden />, word: 'from', tone: 'badge--platform' },
  import: { icon: <FileText size={11} aria-hidden />, word: 'imported from', tone: 'badge--platform' },
  decision: { icon: <Gavel size={11} aria-hidden />, word: 'decided by', tone: 'badge--clearway' },
  edit: { icon: <PencilLine size={11} aria-hidden />, word: 'edited by', tone: 'badge--clearway' },
  opening: { icon: <BookOpen size={11} aria-hidden />, word: '', tone: '' },
};

/** Where Clearway has a value from, in the width of a column. */
const Whence = ({ origin }: { readonly origin: Origin }) => {
  const { clock } = useRuntime();
  const { icon, word, tone } = ORIGIN[origin.kind];
  const whole = [`${word} ${origin.label}`.trim(), origin.at === null ? null : exactInstant(origin.at), origin.note].filter(
    (part) => part !== null,
  );
  return (
    <span className="said" title={whole.join('\n')}>
      <span className={`said__line ${tone}`}>
        {icon}
        <span className="truncate">
          <span className="visually-hidden">{word} </span>
          {origin.label}
        </span>
      </span>
      {origin.at === null ? null : <span>{formatAgo(origin.at, clock.now())}</span>}
      {origin.note === null ? null : <span className="said__note truncate">{origin.note}</span>}
    </span>
  );
};

/** When a source said a value: the date it speaks of, and when it changed it or was received. */
const Said = ({ cell, newest }: { readonly cell: SourceCell; readonly newest: string | null }) => {
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const older = cell.asOf !== null && newest !== null && cell.asOf < newest;
  const [word, at] = cell.modifiedAt === null ? ['received', cell.receivedAt] : ['changed', cell.modifiedAt];
  return (
    <span className="said">
      {cell.asOf === null ? null : (
        <span
          className={older ? 'said__line said__older' : 'said__line'}
          title={older ? 'As of an older date than the newest source' : undefined}
        >
          {older ? <Clock size={11} aria-label="older," /> : null}
          <span className={older ? 'visually-hidden' : 'said__word'}>as of </span>
          {formatDate(cell.asOf, dates)}
        </span>
      )}
      {at === null ? null : (
        <span title={exactInstant(at)}>
          {word} {formatAgo(at, clock.now())}
        </span>
      )}
    </span>
  );
};

const SourceTd = ({
  row,
  cell,
  newest,
}: {
  readonly row: SideBySideRow;
  readonly cell: SourceCell;
  readonly newest: string | null;
}) => {
  if (cell.value === null)
    return <td className="sbs__cell sbs__cell--source quiet">{cell.held ? 'No value' : 'Not reported'}</td>;
  return (
    <td className="sbs__cell sbs__cell--source">
      <span className={cell.differs ? 'sbs__value sbs__value--platform' : 'sbs__value sbs__value--good'}>
        {cell.differs ? null : <Check size={12} aria-label="Agrees with Clearway" />}
        <ConflictValue field={row.field} value={cell.value} against={row.clearway} bare={!cell.differs} />
      </span>
      <Said cell={cell} newest={newest} />
    </td>
  );
};

const DifferenceTd = ({ row }: { readonly row: SideBySideRow }) => {
  const { difference, field } = row;
  if (difference === null) return <td className="sbs__cell quiet">–</td>;
  const scale = field === 'presence' ? QUANTITY : FIELD_SCALE[field];
  return (
    <td className="sbs__cell">
      <span className="sbs__value sbs__value--bad num" title={difference.amount}>
        {formatSigned(difference.amount, { ...scale, max: 6 })}
      </span>
      <span className="said">
        {difference.percent === null ? null : <span>{formatPercent(difference.percent)}</span>}
        {difference.of === null ? null : <span>{difference.of}</span>}
      </span>
    </td>
  );
};

const FieldRows = ({
  row,
  newest,
  columns,
  undecided,
}: {
  readonly row: SideBySideRow;
  readonly newest: string | null;
  readonly columns: number;
  readonly undecided: boolean;
}) => (
  <tbody className={row.inConflict ? `sbs__field sbs__field--${undecided ? 'conflict' : 'decided'}` : 'sbs__field'}>
    <tr>
      <th scope="rowgroup" colSpan={columns} className="sbs__name">
        {FIELD_NAME[row.field]}
        {row.inConflict ? (
          <Badge
            tone={undecided ? 'bad' : 'good'}
            soft
            icon={undecided ? <TriangleAlert size={12} aria-hidden /> : <Check size={12} aria-hidden />}
          >
            {undecided ? 'In conflict' : 'Decided'}
          </Badge>
        ) : null}
      </th>
    </tr>
    <tr>
      <td className="sbs__cell">
        {row.bases.length === 0 ? <span className="quiet">–</span> : null}
        {row.bases.map((base) => (
          <span key={`${base.value ?? ''} ${base.of.join(' ')}`} className="sbs__base">
            <ConflictValue field={row.field} value={base.value} />
            {base.of.length === 0 ? null : <span className="said">{base.of.join(', ')}</span>}
          </span>
        ))}
      </td>
      <td className="sbs__cell">
        <span className="sbs__value sbs__value--clearway">
          <ConflictValue field={row.field} value={row.clearway} />
        </span>
        {row.provenance === null ? null : <Whence origin={row.provenance} />}
      </td>
      {row.sources.map((cell) => (
        <SourceTd key={`${cell.connectionId} ${cell.recordId ?? ''}`} row={row} cell={cell} newest={newest} />
      ))}
      <DifferenceTd row={row} />
    </tr>
  </tbody>
);

/** What base, Clearway and every source say, field by field: the field in conflict first, fields that agree folded. */
export const SideBySide = ({ detail, order }: { readonly detail: ConflictDetail; readonly order: readonly SourceKey[] }) => {
  const { memory } = useRuntime();
  const [open, setOpen] = useState(() => memory.read('conflicts.agreeing') === true);
  const { shown, agreeing } = useMemo(() => sideBySideRows(detail), [detail]);
  const sources = shown[0]?.sources ?? agreeing[0]?.sources ?? [];
  const newest = sources.reduce<string | null>(
    (latest, { asOf }) => (asOf !== null && (latest === null || asOf > latest) ? asOf : latest),
    null,
  );
  const columns = sources.length + 3;
  const undecided = isUndecided(detail.row);
  const toggle = (): void => {
    setOpen(!open);
    memory.write('conflicts.agreeing', !open);
  };
  return (
    <div className="sbs-scroll" tabIndex={0} role="group" aria-label="Side by side">
      <table className="sbs" data-many={sources.length > 2}>
        <caption className="visually-hidden">What each side says about {subjectName(detail.row)}</caption>
        <thead>
          <tr>
            <th scope="col">Base</th>
            <th scope="col" className="badge--clearway">
              Clearway
            </th>
            {sources.map((source) => {
              const key = order.find((candidate) => candidate.connectionId === source.connectionId)?.key;
              return (
                <th key={`${source.connectionId} ${source.recordId ?? ''}`} scope="col" className="badge--platform">
                  {key == null ? null : <kbd aria-hidden>{key}</kbd>} {source.connectionName}
                </th>
              );
            })}
            <th scope="col">Difference</th>
          </tr>
        </thead>
        {shown.map((row) => (
          <FieldRows key={row.field} row={row} newest={newest} columns={columns} undecided={undecided} />
        ))}
        {agreeing.length === 0 ? null : (
          <tbody>
            <tr>
              <td colSpan={columns} className="sbs__fold">
                <button type="button" aria-expanded={open} onClick={toggle}>
                  {open ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
                  <Check size={12} aria-hidden className="badge--good" />
                  {counted(agreeing.length, 'field agrees', 'fields agree')}
                  <span className="quiet">
                    {open ? '' : agreeing.map((row) => FIELD_NAME[row.field].toLowerCase()).join(', ')}
                  </span>
                </button>
              </td>
            </tr>
          </tbody>
        )}
        {open
          ? agreeing.map((row) => <FieldRows key={row.field} row={row} newest={newest} columns={columns} undecided={undecided} />)
          : null}
      </table>
    </div>
  );
};
