import { dec, div, mul, round, scaleOf, sum, tryDec, type Dec } from '../../shared/model/decimal.ts';
import type { ConflictField, Strategy, Tolerance } from '../../shared/model/holding.ts';
import { withinTolerance } from './tolerance.ts';

/** What one source says about the field in dispute. For presence the value is `held` or `not_held`. */
export interface SourceSay {
  readonly connectionId: number;
  readonly name: string;
  readonly rank: number;
  readonly value: string | null;
  readonly asOf: string | null;
  readonly modifiedAt: string | null;
}

export interface StrategyInput {
  readonly field: ConflictField;
  readonly clearway: string | null;
  readonly sources: readonly SourceSay[];
  /** Null for presence, which has no tolerance. */
  readonly tolerance: Tolerance | null;
  readonly quantity: Dec | null;
  readonly price: Dec | null;
  readonly multiplier: Dec;
}

export interface Choice {
  readonly strategy: Strategy;
  /** PLATFORM_WINS: whose value; absent: the best ranked source that reports the field. */
  readonly connectionId?: number;
  /** MANUAL_REVIEW: the value a person typed. */
  readonly value?: string;
}

/** The value a strategy settles on, or why it cannot settle this one. `review` puts it aside for a person. */
export type Outcome =
  | { readonly kind: 'settle'; readonly value: string }
  | { readonly kind: 'review' }
  | { readonly kind: 'refuse'; readonly reason: string };

const settle = (value: string): Outcome => ({ kind: 'settle', value });
const refuse = (reason: string): Outcome => ({ kind: 'refuse', reason });

/** Applies one of the five strategies to one conflict (docs/architecture.md). Never invents a position or a value. */
export function applyStrategy(choice: Choice, input: StrategyInput): Outcome {
  switch (choice.strategy) {
    case 'CLEARWAY_WINS':
      return input.clearway === null ? refuse('Clearway has no value for this field') : settle(input.clearway);
    case 'PLATFORM_WINS':
      return platformWins(choice.connectionId, input);
    case 'MERGE':
      return merge(input);
    case 'TIMESTAMP':
      return timestamp(input);
    case 'MANUAL_REVIEW':
      return choice.value === undefined ? { kind: 'review' } : manual(choice.value, input);
  }
}

function platformWins(connectionId: number | undefined, { sources }: StrategyInput): Outcome {
  if (connectionId !== undefined) {
    const source = sources.find((s) => s.connectionId === connectionId);
    if (!source) return refuse('The chosen platform does not report this position');
    return source.value === null ? refuse(`${source.name} gives no value for this field`) : settle(source.value);
  }
  const best = sources.filter((s) => s.value !== null).toSorted((a, b) => a.rank - b.rank)[0];
  return best && best.value !== null ? settle(best.value) : refuse('No platform gives a value for this field');
}

function manual(text: string, { field }: StrategyInput): Outcome {
  if (field === 'presence')
    return text === 'held' || text === 'not_held' ? settle(text) : refuse('Presence is either held or not held');
  const value = tryDec(text);
  return value === null ? refuse('The value is not a number') : settle(value);
}

function merge(input: StrategyInput): Outcome {
  switch (input.field) {
    case 'quantity':
      return majority(input);
    case 'price':
      return mergedPrice(input);
    case 'marketValue':
      return input.quantity === null || input.price === null
        ? refuse('Market value needs a quantity and a price to be recomputed')
        : settle(round(mul(mul(input.quantity, input.price), input.multiplier), 2));
    case 'costBasis':
      return refuse('No source with tax lots reports this position');
    case 'cash':
      return refuse('Cash amounts are not merged; take the one that is right');
    case 'return':
      return refuse('Returns are not merged; take the one that is right');
    case 'presence':
      return refuse('Merging never invents or removes a position');
  }
}

const says = (sources: readonly SourceSay[]): (SourceSay & { value: Dec })[] =>
  sources.flatMap((s) => {
    const value = s.value === null ? null : tryDec(s.value);
    return value === null ? [] : [{ ...s, value }];
  });

/** Quantity: the value that more than half of at least three sources share. */
function majority({ sources, tolerance }: StrategyInput): Outcome {
  const voters = says(sources);
  if (voters.length < 3) return refuse('Fewer than three platforms report the quantity');
  for (const candidate of voters) {
    const agreeing = voters.filter((v) => tolerance !== null && withinTolerance(v.value, candidate.value, tolerance));
    if (agreeing.length * 2 > voters.length)
      return settle(agreeing.toSorted((a, b) => a.rank - b.rank)[0]?.value ?? candidate.value);
  }
  return refuse('No quantity is shared by a majority of the platforms');
}

/** Price: the mean of the freshest prices when they agree within tolerance, else the single freshest by modification time. */
function mergedPrice({ sources, tolerance }: StrategyInput): Outcome {
  const priced = says(sources);
  const newest = priced.reduce<string>((latest, s) => (s.asOf !== null && s.asOf > latest ? s.asOf : latest), '');
  const fresh = priced.filter((s) => s.asOf === newest);
  if (fresh.length === 0) return refuse('No platform gives a dated price');
  if (tolerance !== null && fresh.every((a) => fresh.every((b) => withinTolerance(a.value, b.value, tolerance)))) {
    const scale = Math.max(...fresh.map((s) => scaleOf(s.value)));
    const mean = div(sum(fresh.map((s) => s.value)), dec(String(fresh.length)), scale);
    return mean === null ? refuse('No platform gives a dated price') : settle(mean);
  }
  return latest(fresh) ?? refuse('The prices differ and their modification times do not say which is the freshest');
}

function timestamp({ sources, field }: StrategyInput): Outcome {
  const speaking = sources.filter((s) => s.value !== null);
  if (speaking.length === 0) return refuse('No platform reports this value');
  if (field === 'presence') return refuse('A missing position has no modification time');
  if (speaking.some((s) => s.modifiedAt === null)) {
    const silent = speaking.find((s) => s.modifiedAt === null);
    return refuse(`${silent?.name ?? 'A platform'} gives no modification time`);
  }
  return latest(speaking) ?? refuse('Two platforms changed it at the same moment');
}

/** The value with the single newest modification time; null when a time is missing or the newest is shared by different values. */
function latest(sources: readonly SourceSay[]): Outcome | null {
  if (sources.some((s) => s.modifiedAt === null)) return null;
  const newest = sources
    .map((s) => s.modifiedAt ?? '')
    .toSorted()
    .at(-1);
  const values = new Set(sources.filter((s) => s.modifiedAt === newest).map((s) => s.value));
  const [only] = values;
  return values.size === 1 && only !== undefined && only !== null ? settle(only) : null;
}
