import { z } from 'zod';
import { tryCalendarDate } from '../../../shared/model/date.ts';
import { addDays } from '../../../shared/model/date.ts';
import type { PeriodKind } from '../../../shared/model/performance.ts';
import { jsonAnswer, readFrame } from '../answers.ts';
import type {
  BenchmarkAssignment,
  BenchmarkRecord,
  BenchmarkReturnRecord,
  ConnectorContext,
  PerformanceRecord,
  QuarantinedRecord,
  ReturnPeriod,
} from '../connector.ts';
import { optionalField } from '../fields.ts';
import { createJsonCutter } from '../json-cut.ts';
import { jsonDecimal, jsonFlag, jsonId, jsonList, jsonText, toDec, toIdText, type LosslessJson } from '../json.ts';
import { fromPercent, IMPLAUSIBLE_RETURN, isPlausibleReturn, periodKey } from '../periods.ts';
import { createQuarantine, readRecord } from '../quarantine.ts';
import { askedCurrency, setting } from '../settings.ts';
import { ORION, type OrionSession } from './session.ts';

export const PERFORMANCE_FORM_FIELD = optionalField(
  'performanceForm',
  'Form of returns',
  'fraction where Orion writes five percent as 0.05 (default), percent where it writes 5.',
);

/** Bits of the member `periods`, and the names under which the answer speaks of them. */
const RANGES: Readonly<Partial<Record<PeriodKind, { readonly bit: number; readonly name: string }>>> = {
  month: { bit: 1, name: 'MTD' },
  mtd: { bit: 1, name: 'MTD' },
  qtd: { bit: 2, name: 'QTD' },
  ytd: { bit: 4, name: 'YTD' },
  one_year: { bit: 8, name: 'OneYear' },
  three_years: { bit: 16, name: 'ThreeYear' },
  five_years: { bit: 32, name: 'FiveYear' },
  inception: { bit: 128, name: 'Inception' },
};

const summary = z.object({
  dateRangeName: jsonText.nullish(),
  performance: jsonDecimal.nullish(),
  startDate: jsonText.nullish(),
  annualize: jsonFlag.nullish(),
  error: z.unknown().optional(),
  overflow: jsonFlag.nullish(),
  calcGrossOfFees: jsonFlag.nullish(),
});
const portfolio = z.object({
  fkEntity: jsonId.nullish(),
  grouping: jsonText.nullish(),
  fkGroupEntity: jsonId.nullish(),
  calcGrossOfFees: jsonFlag.nullish(),
  portfolios: jsonList.nullish(),
  summaries: jsonList.nullish(),
  benchmarks: jsonList.nullish(),
});
type Portfolio = z.infer<typeof portfolio>;
const measured = z.object({ fkKey: jsonId, name: jsonText.nullish(), summaries: jsonList.nullish() });

export interface PerformanceReply {
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly text: string;
  readonly portfolios: readonly LosslessJson[];
}

/** Asks for the returns of accounts over periods that all end on one day, or for those of their benchmarks. */
export async function askPerformance(
  session: OrionSession,
  signal: AbortSignal,
  asked: {
    readonly accounts: readonly string[];
    readonly periods: readonly ReturnPeriod[];
    readonly of: 'accounts' | 'benchmarks';
  },
): Promise<PerformanceReply> {
  const { accounts, periods, of } = asked;
  const doing = of === 'accounts' ? 'read the returns of accounts' : 'read the returns of benchmarks';
  const returnStyle = of === 'accounts' ? 'PortfolioSummary' : 'BenchmarkSummary';
  const to = periods[0]?.to ?? null;
  const body = {
    entity: 'Account',
    entityIds: accounts.map(Number),
    groupings: [{ grouping: 'Account', returnStyle, groupings: [] }],
    endDate: to,
    periods: periods.reduce((mask, { kind }) => mask | (RANGES[kind]?.bit ?? 0), 0),
    returnStyle,
    calculationMethod: 'TWR',
    feeCalculationMethod: of === 'accounts' ? 'Both' : 'NetOfFees',
    annualizePerformance: false,
    benchmarks: [],
  };
  const response = await session.post('/Reporting/Performance/Verbose', body, doing, signal);
  const answer = jsonAnswer(ORION, response, doing);
  return {
    raw: response.body,
    contentType: response.headers['content-type'] ?? 'application/json',
    text: answer.text,
    portfolios: readFrame(ORION, jsonList, answer, 'list of returns'),
  };
}

interface Placed {
  readonly account: string;
  readonly entry: Portfolio;
  readonly pointer: string;
}

/** The entries of accounts, however deep: a grouping may put them below the entity they were asked through. */
function* accountEntries(
  list: readonly LosslessJson[],
  asked: ReadonlySet<string>,
  pointer = '',
): Generator<Placed, void, undefined> {
  for (const [index, value] of list.entries()) {
    const read = portfolio.safeParse(value);
    if (!read.success) continue;
    const here = `${pointer}/${index}`;
    const { fkGroupEntity, fkEntity, grouping, portfolios } = read.data;
    const id = fkGroupEntity ?? fkEntity;
    const account = id == null ? '' : toIdText(id);
    if (asked.has(account) && (grouping == null || grouping.toLowerCase() === 'account'))
      yield { account, entry: read.data, pointer: here };
    yield* accountEntries(portfolios ?? [], asked, `${here}/portfolios`);
  }
}

/** Reads replies of one pass: returns in the form the connection names, periods as they were asked for. */
export function createPerformanceReader(context: ConnectorContext) {
  const asPercent = setting(context, PERFORMANCE_FORM_FIELD.key, 'fraction').toLowerCase() === 'percent';
  const currency = askedCurrency(context);

  /** The returns of one list of summaries; each with the period it answers. */
  const returnsOf = (
    summaries: readonly LosslessJson[],
    periods: readonly ReturnPeriod[],
    pointer: string,
    quarantine: ReturnType<typeof createQuarantine>,
    owner: string,
  ) =>
    summaries.flatMap((value, index) => {
      const place = `${pointer}/summaries/${index}`;
      const sent = readRecord(summary, value, quarantine, { pointer: place, idMember: 'pkDateRange', externalId: owner });
      if (!sent || sent.performance == null) return [];
      const asked = periods.find(({ kind }) => RANGES[kind]?.name === sent.dateRangeName);
      if (!asked) return [];
      const refuse = (reason: string, path: string): [] => {
        quarantine.add(`${owner}:${periodKey(asked)}`, reason, path, place);
        return [];
      };
      if (sent.overflow === true) return refuse('Orion says that this return overflowed.', 'overflow');
      if (typeof sent.error === 'string' && sent.error.trim() !== '')
        return refuse(`Orion could not compute this return: ${sent.error.trim().slice(0, 200)}`, 'error');
      const rate = asPercent ? fromPercent(toDec(sent.performance)) : toDec(sent.performance);
      if (!isPlausibleReturn(rate)) return refuse(`performance ${IMPLAUSIBLE_RETURN}.`, 'performance');
      // Its first day is the day after the close that the period begins at.
      const first = sent.startDate == null ? null : tryCalendarDate(sent.startDate);
      const from = first === null ? asked.from : addDays(first, -1);
      return [{ rate, period: { ...asked, from }, annualised: sent.annualize === true, gross: sent.calcGrossOfFees, place }];
    });

  return {
    accounts: (
      reply: PerformanceReply,
      asked: { readonly accounts: readonly string[]; readonly periods: readonly ReturnPeriod[] },
    ): { performance: readonly PerformanceRecord[]; quarantined: readonly QuarantinedRecord[] } => {
      const quarantine = createQuarantine(createJsonCutter(reply.text));
      const performance = [...accountEntries(reply.portfolios, new Set(asked.accounts))].flatMap(({ account, entry, pointer }) =>
        returnsOf(entry.summaries ?? [], asked.periods, pointer, quarantine, account).map((read): PerformanceRecord => {
          const gross = read.gross ?? entry.calcGrossOfFees ?? null;
          const fees = gross === null ? null : gross ? 'gross' : 'net';
          return {
            externalId: `${account}:${periodKey(read.period)}:${fees ?? 'unsaid'}`,
            accountExternalId: account,
            period: read.period,
            method: 'twr',
            fees,
            annualised: read.annualised,
            rate: read.rate,
            beginValue: null,
            endValue: null,
            netFlows: null,
            currency,
            place: read.place,
          };
        }),
      );
      return { performance, quarantined: quarantine.take() };
    },

    benchmarks: (
      reply: PerformanceReply,
      asked: { readonly accounts: readonly string[]; readonly periods: readonly ReturnPeriod[] },
    ) => {
      const quarantine = createQuarantine(createJsonCutter(reply.text));
      const list = new Map<string, BenchmarkRecord>();
      const returns = new Map<string, BenchmarkReturnRecord>();
      const assignments: BenchmarkAssignment[] = [];
      for (const { account, entry, pointer } of accountEntries(reply.portfolios, new Set(asked.accounts)))
        for (const [index, value] of (entry.benchmarks ?? []).entries()) {
          const place = `${pointer}/benchmarks/${index}`;
          const sent = readRecord(measured, value, quarantine, { pointer: place, idMember: 'fkKey' });
          if (!sent) continue;
          const benchmarkExternalId = toIdText(sent.fkKey);
          assignments.push({ accountExternalId: account, benchmarkExternalId, place });
          if (list.has(benchmarkExternalId)) continue;
          list.set(benchmarkExternalId, {
            externalId: benchmarkExternalId,
            name: sent.name?.trim() || `Benchmark ${benchmarkExternalId}`,
            place,
          });
          for (const read of returnsOf(sent.summaries ?? [], asked.periods, place, quarantine, benchmarkExternalId)) {
            const externalId = `${benchmarkExternalId}:${periodKey(read.period)}`;
            returns.set(externalId, {
              externalId,
              benchmarkExternalId,
              period: read.period,
              annualised: read.annualised,
              rate: read.rate,
              place: read.place,
            });
          }
        }
      return { list: [...list.values()], returns: [...returns.values()], assignments, quarantined: quarantine.take() };
    },
  };
}
