import { CheckCircle2 } from 'lucide-react';
import type { ImportPreview } from '../../../shared/contract/imports.ts';
import { Button } from '../../components/button.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import type { GridFilter } from '../../grid/column.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import type { Imported as Result } from './import-session.ts';

const MOST_ACCOUNTS = 40;

/** The accounts of the file as a filter; none when some of them are new or there are too many to name. */
const accountsOf = (preview: ImportPreview): readonly GridFilter[] => {
  const names = preview.statements.map((statement) => statement.account);
  const known = [...new Set(names.filter((name) => name !== null))];
  return known.length < new Set(names).size || known.length > MOST_ACCOUNTS
    ? []
    : [{ column: 'account', operator: 'in', value: known }];
};

/** What the import did, and where to look at it. */
export const ImportedNote = ({
  preview,
  result,
  onDone,
}: {
  readonly preview: ImportPreview;
  readonly result: Result;
  readonly onDone: () => void;
}) => {
  const accounts = accountsOf(preview);
  const waiting = new Set(preview.statements.filter((s) => s.waits !== null).map((s) => s.accountNumber)).size;
  return (
    <section className="imported" role="status">
      <CheckCircle2 size={20} aria-hidden className="badge--good" />
      <div className="imported__text">
        <h2>{preview.fileName} is imported</h2>
        <p>
          {formatCount(result.added)} added, {formatCount(result.changed)} changed, {formatCount(result.unchanged)} as they were
          {result.rejected === 0 ? '' : `, ${formatCount(result.rejected)} left out`}. It can be rolled back as a whole below.
        </p>
        {waiting === 0 ? null : (
          <p>
            {counted(waiting, 'account waits', 'accounts wait')} to be linked; {waiting === 1 ? 'its' : 'their'} positions are
            kept and come into the book then. <Link to="/connections">Link under Connections</Link>
          </p>
        )}
        <p className="imported__links">
          <Link to={gridLink('/holdings', accounts)}>
            {accounts.length === 0 ? 'Show the holdings' : 'Show the holdings of these accounts'}
          </Link>
          {result.conflictsOpened === 0 ? (
            <span className="quiet">It opened no conflicts.</span>
          ) : (
            <Link to={gridLink('/conflicts', accounts)}>{counted(result.conflictsOpened, 'conflict')} to decide</Link>
          )}
        </p>
      </div>
      <Button onPress={onDone}>Import another file</Button>
    </section>
  );
};
