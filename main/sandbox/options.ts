import { parseArgs } from 'node:util';
import { calendarDate, previousBusinessDay, tryCalendarDate, type CalendarDate } from '../../shared/model/date.ts';
import { FAULT_HELP } from './faults/fault.ts';
import type { AddeparSettings } from './addepar/settings.ts';
import type { BlackDiamondSettings } from './black-diamond/settings.ts';
import type { OrionSettings } from './orion/settings.ts';
import type { PlantLevel } from './plants/plan.ts';

export interface SandboxOptions {
  /** Accounts of the firm; 250 unless told. */
  readonly accounts?: number;
  /** Positions of the firm, cash included; 6,000 unless told. */
  readonly holdings?: number;
  /** Transactions of the last two months; half as many as positions unless told, and none without planted differences. */
  readonly transactions?: number;
  readonly seed?: string;
  /** As-of date of the platforms’ first report; the previous business day unless told. */
  readonly today?: CalendarDate;
  readonly plants?: PlantLevel;
  /** Ports from here on: Addepar, Orion, Black Diamond, control. Free ones unless told. */
  readonly portBase?: number;
  readonly controlToken?: string;
  readonly addepar?: Partial<AddeparSettings>;
  readonly orion?: Partial<OrionSettings>;
  readonly blackDiamond?: Partial<BlackDiamondSettings>;
  /** Milliseconds since 1970, for token lives, rate limits and jobs. */
  readonly now?: () => number;
}

export interface CliOptions {
  readonly sandbox: SandboxOptions;
  readonly manifestFile: string | null;
  readonly withParent: boolean;
}

export const USAGE = `Usage: npm run sandbox -- [options]
  --accounts N           accounts of the demo firm (250)
  --holdings N           positions, cash included (6000)
  --transactions N       of the last two months (half the positions; none with --plants none)
  --seed S               the same seed makes the same firm (clearway)
  --today YYYY-MM-DD     as-of date of the first report (previous business day)
  --plants default|none  planted differences between the platforms
  --port-base P          ports from P on: Addepar, Orion, Black Diamond, control
  --manifest FILE        writes the planted differences to a file
  --addepar-rate-scale N multiplies Addepar’s documented request limits (1)
  --orion-cusips shown|masked
  --with-parent          stops when standard input closes

While it runs, POST to the printed control address with the header X-Sandbox-Token:
  /_sandbox/faults    {"fault": "...", "platform": "addepar|orion|black_diamond", "path": "...", "times": 1, "after": 0}
    next_day             the platform reports the next business day
    reset                everything as at the start
    script               "count" faults drawn by "seed"; the reply lists them
${Object.entries(FAULT_HELP)
  .map(([name, what]) => `    ${name.padEnd(20)} ${what}`)
  .join('\n')}
    For members: "member" and "places"; for pauses: "delayMs", "retryAfterSeconds"
  /_sandbox/settings  {"platform": "...", "NAME": VALUE}, the switches of main/sandbox/*/settings.ts`;

const LIMITS = {
  accounts: [1, 900_000],
  holdings: [1, 5_000_000],
  transactions: [0, 5_000_000],
  'port-base': [1024, 65_000],
} as const;

function wholeNumber(name: keyof typeof LIMITS, text: string): number {
  const [low, high] = LIMITS[name];
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= low && value <= high)) throw new RangeError(`--${name} must be a whole number from ${low} to ${high}`);
  return value;
}

function oneOf<T extends string>(name: string, text: string, values: readonly T[]): T {
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw new RangeError(`--${name} must be ${values.join(' or ')}`);
  return value;
}

/** The previous business day of a moment, in UTC. */
export const defaultToday = (now: number): CalendarDate => previousBusinessDay(calendarDate(new Date(now).toISOString()));

/** Reads the command line. Throws with a plain sentence when an option is unknown or out of range. */
export function readCli(args: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      accounts: { type: 'string' },
      holdings: { type: 'string' },
      transactions: { type: 'string' },
      seed: { type: 'string' },
      today: { type: 'string' },
      plants: { type: 'string' },
      'port-base': { type: 'string' },
      manifest: { type: 'string' },
      'addepar-rate-scale': { type: 'string' },
      'orion-cusips': { type: 'string' },
      'with-parent': { type: 'boolean' },
    },
  });
  const today = values.today === undefined ? undefined : tryCalendarDate(values.today);
  if (today === null) throw new RangeError('--today must be a date as YYYY-MM-DD');
  const scale = values['addepar-rate-scale'];
  if (scale !== undefined && !/^[1-9]\d{0,5}$/.test(scale))
    throw new RangeError('--addepar-rate-scale must be a whole number from 1');
  return {
    manifestFile: values.manifest ?? null,
    withParent: values['with-parent'] ?? false,
    sandbox: {
      ...(values.accounts === undefined ? {} : { accounts: wholeNumber('accounts', values.accounts) }),
      ...(values.holdings === undefined ? {} : { holdings: wholeNumber('holdings', values.holdings) }),
      ...(values.transactions === undefined ? {} : { transactions: wholeNumber('transactions', values.transactions) }),
      ...(values.seed === undefined ? {} : { seed: values.seed }),
      ...(today === undefined ? {} : { today }),
      ...(values.plants === undefined ? {} : { plants: oneOf('plants', values.plants, ['default', 'none'] as const) }),
      ...(values['port-base'] === undefined ? {} : { portBase: wholeNumber('port-base', values['port-base']) }),
      ...(scale === undefined ? {} : { addepar: { rateScale: Number(scale) } }),
      ...(values['orion-cusips'] === undefined
        ? {}
        : { orion: { cusips: oneOf('orion-cusips', values['orion-cusips'], ['shown', 'masked'] as const) } }),
    },
  };
}
