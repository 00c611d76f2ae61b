import { Check, ChevronDown, ChevronRight, TriangleAlert, Unlink } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { sub } from '../../../shared/model/decimal.ts';
import type { ImportPreview } from '../../../shared/contract/imports.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Amount } from '../../components/amount.tsx';
import { Badge } from '../../components/badge.tsx';
import { counted } from '../../format/amount.ts';
import { formatDate } from '../../format/time.ts';

type Statement = ImportPreview['statements'][number];

const ChecksBadge = ({ statement }: { readonly statement: Statement }) => {
  const wrong = statement.checks.filter((check) => !check.agrees).length;
  if (statement.checks.length === 0) return <span className="quiet">States no totals</span>;
  return wrong === 0 ? (
    <Badge tone="good" icon={<Check size={14} aria-hidden />}>
      {statement.checks.length === 1 ? 'Its total agrees' : `All ${statement.checks.length} totals agree`}
    </Badge>
  ) : (
    <Badge tone="bad" icon={<TriangleAlert size={14} aria-hidden />}>
      {counted(wrong, 'total')} of {statement.checks.length} {wrong === 1 ? 'differs' : 'differ'}
    </Badge>
  );
};

const Checks = ({ statement }: { readonly statement: Statement }) => (
  <table className="checks">
    <caption className="visually-hidden">Totals of {statement.accountNumber}</caption>
    <thead>
      <tr>
        <th scope="col">Total</th>
        <th scope="col" className="num">
          Stated
        </th>
        <th scope="col" className="num">
          Sum of the rows
        </th>
        <th scope="col" className="num">
          Difference
        </th>
        <th scope="col">Result</th>
      </tr>
    </thead>
    <tbody>
      {statement.checks.map((check) => (
        <tr key={check.what}>
          <th scope="row">{check.what}</th>
          <td className="num">
            <Amount value={check.stated} scale={{ min: 2, max: 6 }} />
          </td>
          <td className="num">
            <Amount value={check.computed} scale={{ min: 2, max: 6 }} />
          </td>
          <td className="num">
            <Amount value={sub(check.computed, check.stated)} scale={{ min: 2, max: 6 }} signed />
          </td>
          <td>
            <Badge
              tone={check.agrees ? 'good' : 'bad'}
              icon={check.agrees ? <Check size={12} aria-hidden /> : <TriangleAlert size={12} aria-hidden />}
            >
              {check.agrees ? 'Agrees' : 'Differs'}
            </Badge>
            {check.note === '' ? null : <span className="checks__note">{check.note}</span>}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

const StatementRows = ({ statement, first }: { readonly statement: Statement; readonly first: boolean }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const wrong = statement.checks.some((check) => !check.agrees);
  const [open, setOpen] = useState(wrong || first);
  return (
    <>
      <tr>
        <td>
          {statement.checks.length === 0 ? null : (
            <button
              type="button"
              className="statements__open"
              aria-expanded={open}
              aria-label={`Totals of ${statement.accountNumber}`}
              onClick={() => setOpen(!open)}
            >
              {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
            </button>
          )}
        </td>
        <td>
          <AccountOf statement={statement} /> <span className="mono quiet">{statement.accountNumber}</span>
        </td>
        <td>{statement.institution}</td>
        <td>{formatDate(statement.asOf, dates)}</td>
        <td>{statement.currency}</td>
        <td>
          <ChecksBadge statement={statement} />
        </td>
      </tr>
      {open && statement.checks.length > 0 ? (
        <tr className="statements__checks">
          <td aria-hidden="true"> </td>
          <td colSpan={5}>
            <Checks statement={statement} />
          </td>
        </tr>
      ) : null}
    </>
  );
};

const AccountOf = ({ statement: { account, waits } }: { readonly statement: Statement }) => {
  if (account !== null) return account;
  if (waits === null) return <span className="badge badge--clearway">New account</span>;
  return (
    <span className="badge badge--wait" title={waits}>
      <Unlink size={12} aria-hidden />
      Waits to be linked
    </span>
  );
};

/** The accounts of a file, each with its own totals beside the sum of its rows. */
export const Statements = ({ statements }: { readonly statements: readonly Statement[] }) => (
  <div className="statements" tabIndex={0} role="group" aria-label="Statements">
    <table className="table">
      <caption className="visually-hidden">Statements in the file</caption>
      <thead>
        <tr>
          <td aria-hidden="true"> </td>
          <th scope="col">Account</th>
          <th scope="col">Institution</th>
          <th scope="col">As of</th>
          <th scope="col">Currency</th>
          <th scope="col">Its own totals</th>
        </tr>
      </thead>
      <tbody>
        {statements.map((statement, index) => (
          <StatementRows key={`${statement.accountNumber} ${index}`} statement={statement} first={statements.length === 1} />
        ))}
      </tbody>
    </table>
  </div>
);
