import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type { ConnectionSettings, ConnectorErrorKind, Credentials } from '../connectors/connector.ts';
import type { IngestProgress } from './ingest.ts';

/** How a pass ended in the ingest thread. */
export interface PassFailure {
  readonly kind: ConnectorErrorKind | ErrorCode | 'internal';
  readonly message: string;
  /** Milliseconds until it may go on, where somebody said. */
  readonly retryAfterMs?: number | null;
  /** Held back by the program's own request budget, not by the platform. */
  readonly ownBudget?: boolean;
}

/** A pass as the ingest thread runs it. */
export interface PassRequest {
  readonly operationId: number;
  readonly pages: number;
  readonly cursor: string | null;
  readonly platform: Platform;
  readonly baseUrl: string;
  readonly settings: ConnectionSettings;
  readonly credentials: Credentials;
  /** Whether the pass asks for access tokens as it goes, because a person signed in with the browser. */
  readonly signedIn: boolean;
}

/** What a pass says of itself as it goes: how far it is, or that it waits for its request budget. */
export type PassReport = IngestProgress | { readonly waitMs: number };

/** Answers a live access token of a browser sign-in; see ConnectorContext. */
export type Bearer = (refused: string | null) => Promise<string>;

export interface Ingest {
  /** Resolves when the pass is staged; rejects with a PassError. */
  pass(request: PassRequest, signal: AbortSignal, onReport: (report: PassReport) => void, bearer: Bearer | null): Promise<void>;
}

export class PassError extends Error {
  override readonly name = 'PassError';
  readonly failure: PassFailure;
  constructor(failure: PassFailure) {
    super(failure.message);
    this.failure = failure;
  }
}
