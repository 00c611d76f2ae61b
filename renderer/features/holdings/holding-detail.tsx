import { FileSearch, Pencil } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Amount } from '../../components/amount.tsx';
import { Breadcrumb } from '../../components/breadcrumb.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { DiffAmount } from '../../components/diff-amount.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Payload } from '../../components/payload.tsx';
import { Provenance } from '../../components/provenance.tsx';
import { PaneHead, PaneSection } from '../../components/split.tsx';
import { FailureView } from '../../components/state-view.tsx';
import { counted, FIELD_SCALE, PRICE, QUANTITY } from '../../format/amount.ts';
import { exactInstant, formatAgo, formatDate } from '../../format/time.ts';
import { FIELD_NAME, nameOf, TYPE_NAME } from '../../format/words.ts';
import { tryDec } from '../../../shared/model/decimal.ts';
import type { HoldingField } from '../../../shared/model/holding.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import { HoldingLots } from '../tax-lots/holding-lots.tsx';
import { EditValue } from './edit-value.tsx';
import './holdings.css';

type Detail = Output<'holdings.get'>;

const Values = ({ detail, mayEdit }: { readonly detail: Detail; readonly mayEdit: boolean }) => {
  const [editing, setEditing] = useState<HoldingField | null>(null);
  return (
    <dl className="values">
      {detail.fields.map(({ field, value, provenance }) => (
        <div key={field} className="values__row">
          <dt>{FIELD_NAME[field]}</dt>
          <dd className="values__value">
            <Amount value={value} scale={FIELD_SCALE[field]} />
          </dd>
          <dd className="values__origin">
            <Provenance origin={provenance} />
          </dd>
          <dd className="values__edit">
            {mayEdit ? (
              <IconButton
                label={`Edit ${FIELD_NAME[field].toLowerCase()}`}
                onPress={() => setEditing(editing === field ? null : field)}
              >
                <Pencil size={14} aria-hidden />
              </IconButton>
            ) : null}
          </dd>
          {editing === field ? (
            <dd className="values__form">
              <EditValue detail={detail} field={field} onDone={() => setEditing(null)} />
            </dd>
          ) : null}
        </div>
      ))}
    </dl>
  );
};

const Sources = ({ detail, onPayload }: { readonly detail: Detail; readonly onPayload: (recordId: string) => void }) => {
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  if (detail.sources.length === 0)
    return <p className="quiet">No source reports this position. It comes from the opening book or was added by hand.</p>;
  return (
    <div className="sources">
      <table className="table table--pane">
        <caption className="visually-hidden">What each source says, beside Clearway</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col" className="num badge--clearway">
              Clearway
            </th>
            {detail.sources.map((source) => (
              <th key={source.recordId} scope="col" className="num badge--platform">
                {source.connectionName}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {detail.fields.map(({ field, value }) => (
            <tr key={field}>
              <th scope="row">{FIELD_NAME[field]}</th>
              <td className="num">
                <Amount value={value} scale={FIELD_SCALE[field]} />
              </td>
              {detail.sources.map((source) => (
                <td key={source.recordId} className="num">
                  <DiffAmount value={source.values[field]} against={value} scale={FIELD_SCALE[field]} />
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">As of</th>
            <td className="num">{detail.row.asOf === null ? '–' : formatDate(detail.row.asOf, dates)}</td>
            {detail.sources.map((source) => (
              <td
                key={source.recordId}
                className={source.asOf === detail.row.asOf ? 'num' : 'num badge--wait'}
                title={source.asOf === detail.row.asOf ? undefined : 'Another date than Clearway'}
              >
                {source.asOf === null ? '–' : formatDate(source.asOf, dates)}
              </td>
            ))}
          </tr>
          {detail.sources.some((source) => source.reconciledOn !== null) ? (
            <tr>
              <th scope="row">Reconciled</th>
              <td className="num quiet">–</td>
              {detail.sources.map((source) => {
                const late = source.reconciledOn !== null && source.asOf !== null && source.reconciledOn < source.asOf;
                return (
                  <td
                    key={source.recordId}
                    className={late ? 'num badge--wait' : 'num'}
                    title={late ? 'The source last reconciled this account before the date of the position' : undefined}
                  >
                    {source.reconciledOn === null ? '–' : formatDate(source.reconciledOn, dates)}
                  </td>
                );
              })}
            </tr>
          ) : null}
          <tr>
            <th scope="row">Received</th>
            <td className="num quiet">–</td>
            {detail.sources.map((source) => (
              <td key={source.recordId} className="num" title={exactInstant(source.receivedAt)}>
                {formatAgo(source.receivedAt, clock.now())}
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">Raw record</th>
            <td className="num quiet">–</td>
            {detail.sources.map((source) => (
              <td key={source.recordId} className="num">
                <Button
                  look="quiet"
                  label={`Show the raw record of ${source.connectionName}`}
                  icon={<FileSearch size={14} aria-hidden />}
                  onPress={() => onPayload(source.recordId)}
                >
                  Show
                </Button>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
};

const ChangedValue = ({ field, value }: { readonly field: string; readonly value: string | null }) => {
  const amount = value === null ? null : tryDec(value);
  if (value !== null && amount === null) return <span>{value}</span>;
  return <Amount value={amount} scale={field === 'price' ? PRICE : field === 'quantity' ? QUANTITY : { min: 2, max: 6 }} />;
};

const Changes = ({ detail }: { readonly detail: Detail }) => {
  const { clock } = useRuntime();
  if (detail.changes.length === 0) return <p className="quiet">Unchanged since the opening book.</p>;
  return (
    <ol className="changes">
      {detail.changes.map((change) => (
        <li key={`${change.batchId} ${change.field}`} className="changes__row">
          <span>
            {nameOf(FIELD_NAME, change.field)} <ChangedValue field={change.field} value={change.before} /> →{' '}
            <strong>
              <ChangedValue field={change.field} value={change.after} />
            </strong>
          </span>
          <span className="secondary" title={exactInstant(change.at)}>
            {change.by}, {formatAgo(change.at, clock.now())}
          </span>
        </li>
      ))}
    </ol>
  );
};

const Identity = ({ row }: { readonly row: Detail['row'] }) => (
  <PaneHead title={row.security}>
    <p className="secondary identity">
      {[row.ticker, row.cusip]
        .filter((text) => text !== null)
        .map((text) => (
          <span key={text} className="mono">
            {text}
          </span>
        ))}
      <span>{TYPE_NAME[row.type]}</span>
      <span>{row.currency}</span>
    </p>
    <p className="secondary">
      <Link to={gridLink('/holdings', [{ column: 'accountId', operator: 'is', value: row.accountId }])}>{row.account}</Link>,{' '}
      <span className="mono">{row.accountNumber}</span>, {row.custodian}
    </p>
  </PaneHead>
);

/** One position: its values with their provenance, what each source says, the raw records, and what changed. */
export const HoldingDetail = ({ id }: { readonly id: string }) => {
  const query = useQuery('holdings.get', { id });
  const mayEdit = useMay('analyst');
  const [recordId, setRecordId] = useState<string | null>(null);
  const shown = (detail: Detail) => {
    const source = detail.sources.find((candidate) => candidate.recordId === recordId);
    if (source) {
      return (
        <>
          <PaneHead title="Raw record">
            <Breadcrumb
              label="From the position to its bytes"
              crumbs={[
                {
                  label: detail.row.account,
                  to: gridLink('/holdings', [{ column: 'accountId', operator: 'is', value: detail.row.accountId }]),
                },
                { label: detail.row.security, onPress: () => setRecordId(null) },
                { label: source.connectionName },
              ]}
            />
          </PaneHead>
          <Payload recordId={source.recordId} />
        </>
      );
    }
    const conflicts = detail.row.openConflicts;
    return (
      <>
        <Identity row={detail.row} />
        {query.failure ? <FailureView failure={query.failure} onRetry={query.refetch} inline /> : null}
        <PaneSection
          title="Values"
          aside={conflicts === 0 ? undefined : <span className="badge badge--wait">{counted(conflicts, 'open conflict')}</span>}
        >
          <Values detail={detail} mayEdit={mayEdit} />
        </PaneSection>
        <PaneSection title="Side by side">
          <Sources detail={detail} onPayload={setRecordId} />
        </PaneSection>
        {detail.row.type === 'cash' ? null : (
          <PaneSection title="Tax lots">
            <HoldingLots holdingId={id} currency={detail.row.currency} />
          </PaneSection>
        )}
        <PaneSection title="Changes">
          <Changes detail={detail} />
        </PaneSection>
      </>
    );
  };
  return <Loaded query={query}>{shown}</Loaded>;
};
