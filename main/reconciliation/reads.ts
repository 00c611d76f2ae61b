import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { ReadDb } from '../store/handles.ts';
import { createBreakQuery } from './break-rows.ts';
import { severityName } from './break-words.ts';
import { exportBreaks } from './export.ts';
import { existingRun, facetsOf, listRuns, readRun } from './run-summaries.ts';
import { readSettings } from './settings.ts';

function breaksPage(db: ReadDb, input: HandlerInput<'reconciliation.breaks'>): Output<'reconciliation.breaks'> {
  const query = createBreakQuery(db, existingRun(db, input.id), input);
  const rows = query.rows(input, input).map(({ cusip: _, ...row }) => row);
  return { rows, total: query.count() };
}

function facets(db: ReadDb, input: HandlerInput<'reconciliation.facets'>): Output<'reconciliation.facets'> {
  const rows = createBreakQuery(db, existingRun(db, input.id), input)
    .combinations()
    .map((row) => ({ ...row, severity: severityName(row.severity) }));
  const by = (column: 'class' | 'severity' | 'status' | 'field' | 'type') =>
    facetsOf(rows.map((row) => [row[column], row.count]));
  const side = facetsOf(
    rows.map((row) => [row.side, row.count]),
    (name) => name,
  );
  return {
    total: rows.reduce((sum, row) => sum + row.count, 0),
    facets: { class: by('class'), severity: by('severity'), side, status: by('status'), field: by('field'), type: by('type') },
  };
}

/** Reads of reconciliation and settings by procedure. */
export const reconciliationReads = {
  'reconciliation.runs': (db: ReadDb, input: HandlerInput<'reconciliation.runs'>): Output<'reconciliation.runs'> => ({
    items: listRuns(db, input.limit),
  }),
  'reconciliation.get': (db: ReadDb, input: HandlerInput<'reconciliation.get'>): Output<'reconciliation.get'> =>
    readRun(db, input.id),
  'reconciliation.breaks': breaksPage,
  'reconciliation.facets': facets,
  'reconciliation.export': exportBreaks,
  'settings.get': (db: ReadDb, _input: HandlerInput<'settings.get'>): Output<'settings.get'> => readSettings(db),
} as const;
