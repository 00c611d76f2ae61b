import { Check, TriangleAlert, Wrench } from 'lucide-react';
import type { BreakRow } from '../../../shared/contract/reconciliation.ts';
import { SeverityBadge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Amount } from '../../components/amount.tsx';
import { PaneHead, PaneSection } from '../../components/split.tsx';
import { counted, formatSigned, MONEY } from '../../format/amount.ts';
import { BREAK_CLASS_NAME, FIELD_NAME, TYPE_NAME } from '../../format/words.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import { BreakStatusBadge } from './break-badges.tsx';
import { BreakValue, scaleOfField } from './break-value.tsx';

const age = (days: number): string => (days === 0 ? 'first seen today' : `${counted(days, 'business day')} old`);

const Evidence = ({ row }: { readonly row: BreakRow }) => (
  <table className="evidence">
    <caption className="visually-hidden">Both sides of the break</caption>
    <thead>
      <tr>
        <th scope="col">Field</th>
        <th scope="col" className="num badge--clearway">
          Clearway
        </th>
        <th scope="col" className="num badge--platform">
          {row.side}
        </th>
        <th scope="col" className="num">
          Difference
        </th>
      </tr>
    </thead>
    <tbody>
      <tr>
        <th scope="row">{FIELD_NAME[row.field]}</th>
        <td className="num evidence__clearway">
          <BreakValue field={row.field} value={row.clearway} />
        </td>
        <td className="num evidence__other">
          <BreakValue field={row.field} value={row.other} against={row.clearway} />
        </td>
        <td className="num evidence__difference" title={row.difference ?? undefined}>
          {row.difference === null ? (
            <span className="quiet">–</span>
          ) : (
            formatSigned(row.difference, { ...scaleOfField(row.field), max: 6 })
          )}
        </td>
      </tr>
    </tbody>
  </table>
);

/** One break: what it is and why, both sides, and the ways to the position and to conflicts about it. */
export const BreakDetail = ({
  row,
  mayFix,
  onFix,
}: {
  readonly row: BreakRow;
  readonly mayFix: boolean;
  readonly onFix: () => void;
}) => (
  <div className="pane-column">
    <PaneHead title={row.security}>
      <p className="secondary identity">
        {row.ticker === null ? null : <span className="mono">{row.ticker}</span>}
        <span>{TYPE_NAME[row.type]}</span>
        <span>{row.currency}</span>
        <span>
          <Link to={gridLink('/holdings', [{ column: 'accountId', operator: 'is', value: row.accountId }])}>{row.account}</Link>,{' '}
          <span className="mono">{row.accountNumber}</span>
        </span>
      </p>
      <p className="break__facts">
        <SeverityBadge severity={row.severity} />
        <BreakStatusBadge status={row.status} />
        <span className="badge badge--plain">{age(row.ageDays)}</span>
      </p>
    </PaneHead>
    <div className="pane-column__body">
      <section className="pane__section">
        <p className="break__class">
          <TriangleAlert size={14} aria-hidden /> {BREAK_CLASS_NAME[row.class]}
        </p>
        <p className="break__sentence">{row.sentence}</p>
      </section>
      <PaneSection title="Evidence">
        <Evidence row={row} />
        <p className="break__impact">
          Worth <Amount value={row.impact} scale={MONEY} currency={row.currency} /> in this position.
        </p>
      </PaneSection>
      <PaneSection title="Where to look">
        <ul className="break__links">
          {row.holdingId === null ? null : (
            <li>
              <Link to={`/holdings?f=&id=${row.holdingId}`}>The position with all its sources</Link>
            </li>
          )}
          {row.holdingId === null ? null : (
            <li>
              <Link to={gridLink('/conflicts', [{ column: 'holdingId', operator: 'is', value: row.holdingId }])}>
                Conflicts of this position
              </Link>
            </li>
          )}
          {row.securityId === null ? null : (
            <li>
              <Link to={gridLink('/reconciliation', [{ column: 'securityId', operator: 'is', value: row.securityId }])}>
                Breaks of this security
              </Link>
            </li>
          )}
          <li>
            <Link to={gridLink('/reconciliation', [{ column: 'accountId', operator: 'is', value: row.accountId }])}>
              Breaks in this account
            </Link>
          </li>
        </ul>
      </PaneSection>
    </div>
    <footer className="pane-foot">
      {row.fixable ? (
        <div className="pane-foot__line">
          <p>
            <Wrench size={14} aria-hidden /> A rule can correct Clearway here. It shows first what it would do.
          </p>
          {mayFix ? <Button onPress={onFix}>Correct by rule</Button> : null}
        </div>
      ) : (
        <p className="pane-foot__line">
          {row.status === 'open' ? (
            'No rule corrects this class: it waits for a person. Edit the position, settle its conflict, or have the side corrected.'
          ) : (
            <span className="badge badge--good">
              <Check size={14} aria-hidden />
              {row.status === 'fixed' ? 'Corrected by rule' : 'Accepted as it is'}
            </span>
          )}
        </p>
      )}
    </footer>
  </div>
);
