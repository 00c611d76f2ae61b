import type { ConnectorContext, SourcePage } from './connector.ts';
import { setting } from './settings.ts';

/** What a connection can be told not to read; accounts, securities and positions always come. */
const OPTIONAL_STREAMS = ['transactions', 'tax_lots', 'performance', 'benchmarks'] as const;
export type OptionalStream = (typeof OPTIONAL_STREAMS)[number];

/** Whether this connection reads a stream: the setting `streams` lists those it does, `none` for no other than positions; all unless set. */
export function wantsStream(context: ConnectorContext, stream: OptionalStream): boolean {
  const chosen = setting(context, 'streams', '').toLowerCase();
  return chosen === '' || chosen.split(',').some((name) => name.trim() === stream);
}

/** A page of a stream beside positions, to which it adds what it read. */
export const EMPTY_PAGE = {
  accounts: [],
  securities: [],
  holdings: [],
  transactions: [],
  quarantined: [],
  expected: null,
} as const satisfies Omit<SourcePage, 'next' | 'raw' | 'contentType'>;

/** What is read behind the positions, in this order. */
export const LATER_STAGES = ['tax_lots', 'transactions', 'performance', 'benchmarks'] as const;
export type LaterStage = (typeof LATER_STAGES)[number];

const rankOf = (stage: string): number => LATER_STAGES.findIndex((known) => known === stage);

export interface LaterStages {
  /** The stage that follows one of positions or one of these; null behind the last. */
  after(stage: string): LaterStage | null;
  /** Whether a pass that goes on at `resumedAt` still has to read it. */
  isDue(stage: LaterStage): boolean;
}

/** Orders the stages that this connection wants, for a pass that begins or goes on at a stage. */
export function createLaterStages(isWanted: (stage: LaterStage) => boolean, resumedAt: string): LaterStages {
  const wanted = LATER_STAGES.filter(isWanted);
  return {
    after: (stage) => wanted.find((name) => rankOf(name) > rankOf(stage)) ?? null,
    isDue: (stage) => wanted.includes(stage) && rankOf(stage) >= rankOf(resumedAt),
  };
}

export const isLaterStage = (stage: string): boolean => rankOf(stage) >= 0;
