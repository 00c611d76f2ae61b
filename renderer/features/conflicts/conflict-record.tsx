import { useRuntime } from '../../app/runtime.tsx';
import { PaneSection } from '../../components/split.tsx';
import { formatCount } from '../../format/amount.ts';
import { exactInstant, formatAgo } from '../../format/time.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import type { ConflictDetail } from './decision.ts';
import type { ConflictColumn } from './views.ts';

/** What happened to a conflict, newest first. */
export const ConflictHistory = ({
  detail,
  onBatch,
}: {
  readonly detail: ConflictDetail;
  readonly onBatch: (batchId: string) => void;
}) => {
  const { clock } = useRuntime();
  return (
    <PaneSection title="History">
      <ol className="record">
        {detail.history.map((entry, index) => (
          <li key={`${index} ${entry.at}`} className="record__row">
            <span>
              {entry.batchId === null ? (
                entry.what
              ) : (
                <button type="button" className="record__batch" onClick={() => onBatch(entry.batchId ?? '')}>
                  {entry.what}
                </button>
              )}
            </span>
            <span className="secondary quiet" title={exactInstant(entry.at)}>
              {entry.by}, {formatAgo(entry.at, clock.now())}
            </span>
          </li>
        ))}
      </ol>
    </PaneSection>
  );
};

/** Other open conflicts of the same security, account and position or record, as filters of the list. */
export const RelatedConflicts = ({ detail: { row, related } }: { readonly detail: ConflictDetail }) => {
  const lines: readonly {
    readonly label: string;
    readonly count: number;
    readonly column: ConflictColumn;
    readonly value: string | null;
  }[] = [
    row.record === null
      ? { label: 'of this position', count: related.sameSubject, column: 'holdingId', value: row.holdingId }
      : { label: 'of this record', count: related.sameSubject, column: 'recordId', value: row.record.id },
    { label: 'of this security', count: related.sameSecurity, column: 'securityId', value: row.securityId },
    { label: 'in this account', count: related.sameAccount, column: 'accountId', value: row.accountId },
  ];
  const some = lines.filter((line) => line.count > 0 && line.value !== null);
  return (
    <PaneSection title="Related conflicts">
      {some.length === 0 ? <p className="quiet">No other conflict is open on the same thing, security or account.</p> : null}
      <ul className="related">
        {some.map((line) => (
          <li key={line.column}>
            <Link to={gridLink('/conflicts', [{ column: line.column, operator: 'is', value: line.value ?? '' }])}>
              {formatCount(line.count)} more {line.label}
            </Link>
          </li>
        ))}
      </ul>
    </PaneSection>
  );
};
