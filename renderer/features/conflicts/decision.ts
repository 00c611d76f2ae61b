import type { CallInput, Output } from '../../../shared/contract/index.ts';
import type { Connection } from '../../../shared/contract/connections.ts';
import type { ConflictRow } from '../../../shared/contract/conflicts.ts';
import { scaleOf, tryDec } from '../../../shared/model/decimal.ts';
import type { ConflictField } from '../../../shared/model/holding.ts';
import { exactAmount, FIELD_SCALE, formatAmount } from '../../format/amount.ts';

export type Decision = CallInput<'conflicts.resolve'>['decision'];
export type ConflictDetail = Output<'conflicts.get'>;

/** A source as the keys know it: the number of its key is its place in the survivorship order, on every conflict the same. */
export interface SourceKey {
  readonly connectionId: string;
  readonly name: string;
  /** `1` to `9`; null beyond. */
  readonly key: string | null;
  /** Has nothing to say in any open conflict: its column waits in the list of columns. */
  readonly quiet: boolean;
}

/** Sources in survivorship order with their keys. */
export const sourceKeys = (connections: readonly Connection[]): readonly SourceKey[] =>
  connections
    .toSorted((a, b) => a.survivorshipRank - b.survivorshipRank)
    .map(({ id, name, platform, counts }, index) => ({
      connectionId: id,
      name,
      key: index < 9 ? String(index + 1) : null,
      quiet: platform === 'custodian_file' && counts.openConflicts === 0,
    }));

export interface DecisionKey {
  readonly keys: string;
  readonly label: string;
  readonly decision: Decision;
}

export const ACCEPT_CLEARWAY: DecisionKey = { keys: 'a', label: 'Accept Clearway', decision: { strategy: 'CLEARWAY_WINS' } };
export const MERGE: DecisionKey = { keys: 'm', label: 'Merge', decision: { strategy: 'MERGE' } };
export const TAKE_LATEST: DecisionKey = { keys: 't', label: 'Take latest', decision: { strategy: 'TIMESTAMP' } };
export const BEST_PLATFORM: DecisionKey = {
  keys: 'p',
  label: 'Accept best-ranked platform',
  decision: { strategy: 'PLATFORM_WINS' },
};
export const PUT_ASIDE: DecisionKey = { keys: 'l', label: 'Review later', decision: { strategy: 'MANUAL_REVIEW' } };

/** Every decision that one key takes, in the order of the buttons. */
export const decisionKeys = (sources: readonly SourceKey[]): readonly DecisionKey[] => [
  ACCEPT_CLEARWAY,
  ...sources.flatMap(({ key, name, connectionId }): DecisionKey[] =>
    key === null ? [] : [{ keys: key, label: `Accept ${name}`, decision: { strategy: 'PLATFORM_WINS', connectionId } }],
  ),
  BEST_PLATFORM,
  MERGE,
  TAKE_LATEST,
  PUT_ASIDE,
];

export const sameDecision = (a: Decision, b: Decision): boolean =>
  a.strategy === b.strategy && a.connectionId === b.connectionId && a.value === b.value;

/** What a decision is called: `Accept Orion`. */
export const decisionLabel = (decision: Decision, sources: readonly SourceKey[]): string => {
  if (decision.value !== undefined) return `Set to ${valueWords(decision.value)}`;
  const known = decisionKeys(sources).find((entry) => sameDecision(entry.decision, decision));
  if (known) return known.label;
  const name = sources.find((source) => source.connectionId === decision.connectionId)?.name ?? 'the platform';
  return `Accept ${name}`;
};

/** What a decision would write to one conflict, or why it cannot. */
export type Outcome =
  | { readonly value: string | null; readonly reason: null }
  | { readonly value: null; readonly reason: string };

const bestOf = ({ clearway, sources }: ConflictRow, order: readonly SourceKey[]): string | null => {
  const ranked = order.flatMap((source) => sources.filter((said) => said.connectionId === source.connectionId));
  return ranked.find((said) => said.value !== null && said.value !== clearway)?.value ?? null;
};

/** The outcome of a decision on the conflict in front. A decision for later always works and writes no value. */
export const outcomeOf = (decision: Decision, { row, outcomes }: ConflictDetail, order: readonly SourceKey[]): Outcome => {
  if (decision.strategy === 'MANUAL_REVIEW') return { value: decision.value ?? null, reason: null };
  if (decision.strategy === 'PLATFORM_WINS' && decision.connectionId === undefined) {
    const value = bestOf(row, order);
    return value === null ? { value, reason: 'No platform gives another value' } : { value, reason: null };
  }
  const outcome = outcomes.find(
    (entry) =>
      entry.strategy === decision.strategy &&
      (decision.connectionId === undefined || entry.connectionId === decision.connectionId),
  );
  if (!outcome) return { value: null, reason: 'It does not report this position' };
  return outcome.reason === null ? { value: outcome.value, reason: null } : { value: null, reason: outcome.reason };
};

const PRESENCE: Readonly<Record<string, string>> = { held: 'Held', not_held: 'Not held' };

/** A value in dispute in words: every digit of an amount, at least the usual ones; `Held` or `Not held` for presence. */
export const valueWords = (value: string | null, field?: ConflictField): string => {
  if (value === null) return 'none';
  const amount = tryDec(value);
  if (amount === null) return PRESENCE[value] ?? value;
  if (field === undefined || field === 'presence') return exactAmount(amount);
  return formatAmount(amount, { min: FIELD_SCALE[field].min, max: Math.max(FIELD_SCALE[field].min, scaleOf(amount)) }).text;
};

const DONE: Readonly<Record<string, string>> = { Accept: 'Accepted', Merge: 'Merged', Take: 'Took', Set: 'Set' };

/** A decision as something that was done: `Accepted Orion`. */
export const decisionDone = (decision: Decision, sources: readonly SourceKey[]): string => {
  if (decision.strategy === 'MANUAL_REVIEW') return decision.value === undefined ? 'Put aside for review' : 'Set by hand';
  const [verb = '', ...rest] = decisionLabel(decision, sources).split(' ');
  return [DONE[verb] ?? verb, ...rest].join(' ');
};

/** The sentence of a conflict with its values written as on the rest of the screen. */
export const readableSentence = (sentence: string, { base, clearway, sources, field }: ConflictRow): string => {
  const values = [base, clearway, ...sources.map((source) => source.value)].filter(
    (value) => value !== null && tryDec(value) !== null,
  );
  return [...new Set(values)]
    .toSorted((a, b) => (b ?? '').length - (a ?? '').length)
    .reduce<string>(
      (text, value) =>
        text.replaceAll(
          new RegExp(`(?<![\\d.,-])${(value ?? '').replaceAll('.', '\\.')}(?!\\d|[.,]\\d)`, 'g'),
          valueWords(value, field),
        ),
      sentence,
    );
};

export const isUndecided = (row: Pick<ConflictRow, 'status'>): boolean => row.status === 'open' || row.status === 'review';

/** What an amount typed by hand stands for, or what is wrong with it. Presence takes `held` and `not_held`. */
export const readByHand = (
  field: ConflictField,
  text: string,
  readAmount: (text: string) => string | null,
): { readonly value: string } | { readonly error: string } => {
  if (field === 'presence')
    return text === 'held' || text === 'not_held' ? { value: text } : { error: 'Choose held or not held.' };
  const value = readAmount(text);
  if (value === null) return { error: 'Write a number, such as 1,250.50.' };
  return value.length > 60 ? { error: 'Write at most 60 digits.' } : { value };
};
