import type { CalendarDate, Instant } from '../../shared/model/date.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import type { Platform, SecurityType } from '../../shared/model/holding.ts';
import type { FeeTreatment, PeriodKind, ReturnMethod } from '../../shared/model/performance.ts';
import type { TaxTerm } from '../../shared/model/tax-lot.ts';
import type { HttpClient } from '../ports/http.ts';

/** An account as one platform knows it. `number` may be masked; it is matched by rule, never trusted as a key by itself. */
export interface AccountRecord {
  readonly externalId: string;
  readonly name: string;
  readonly number: string;
  readonly custodian: string;
  /** The household, client or relationship the account belongs to there, when the platform says. */
  readonly household: { readonly externalId: string; readonly name: string } | null;
  readonly currency: string;
  /** The platform’s own mark of when it last reconciled the account with the custodian, where it has one. */
  readonly reconciledOn?: CalendarDate;
}

/** A security as one platform knows it. Identifiers are normalised and have passed their check digit, else they are null. */
export interface SecurityRecord {
  readonly externalId: string;
  readonly name: string;
  readonly type: SecurityType;
  readonly ticker: string | null;
  readonly cusip: string | null;
  readonly isin: string | null;
  readonly sedol: string | null;
  readonly figi: string | null;
  readonly currency: string;
  /** Value = quantity x price x multiplier: 1, 0.01 for bonds priced per 100 of face, 100 for most options. */
  readonly multiplier: Dec;
}

/** A position. Canonical signs: short positions negative in quantity and value. Cash is a position with price 1. */
export interface HoldingRecord {
  readonly externalId: string;
  readonly accountExternalId: string;
  readonly securityExternalId: string;
  readonly quantity: Dec;
  readonly price: Dec | null;
  readonly marketValue: Dec | null;
  readonly costBasis: Dec | null;
  /** What the amounts are in; null when the platform names none: they are then in the security's own currency. */
  readonly currency: string | null;
  readonly asOf: CalendarDate;
  /** The source's own modification time, for the TIMESTAMP strategy; null when it has none. */
  readonly modifiedAt: Instant | null;
  /** Place of the record in the raw payload, so that a value can be traced to its bytes: a JSON pointer or line number. */
  readonly place: string;
}

/** A transaction in canonical signs: quantityDelta + is more units, cashDelta + is more cash. */
export interface TransactionRecord {
  readonly externalId: string;
  readonly accountExternalId: string;
  readonly securityExternalId: string | null;
  /** One of TRANSACTION_TYPES, or `other:` and the source’s own word. */
  readonly type: string;
  readonly tradeDate: CalendarDate;
  readonly settleDate: CalendarDate | null;
  readonly quantityDelta: Dec;
  readonly price: Dec | null;
  readonly cashDelta: Dec;
  /** Null when the platform names none: the amounts are then in the security’s own currency. */
  readonly currency: string | null;
  readonly memo: string;
  readonly place: string;
}

/** From the close of `from` to the close of `to`. */
export interface ReturnPeriod {
  readonly kind: PeriodKind;
  /** Null when the platform does not say where the period begins. */
  readonly from: CalendarDate | null;
  readonly to: CalendarDate;
}

/** One return of one account over one period, as a fraction: 0.05 is five percent. */
export interface PerformanceRecord {
  readonly externalId: string;
  readonly accountExternalId: string;
  readonly period: ReturnPeriod;
  readonly method: ReturnMethod;
  /** Null where the platform does not say. */
  readonly fees: FeeTreatment | null;
  /** Whether `rate` is per year; else it is for the whole period. */
  readonly annualised: boolean;
  readonly rate: Dec;
  readonly beginValue: Dec | null;
  readonly endValue: Dec | null;
  readonly netFlows: Dec | null;
  readonly currency: string | null;
  readonly place: string;
}

export interface BenchmarkRecord {
  readonly externalId: string;
  readonly name: string;
  readonly place: string;
}

export interface BenchmarkReturnRecord {
  readonly externalId: string;
  readonly benchmarkExternalId: string;
  readonly period: ReturnPeriod;
  readonly annualised: boolean;
  readonly rate: Dec;
  readonly place: string;
}

/** The benchmark an account is measured by. */
export interface BenchmarkAssignment {
  readonly accountExternalId: string;
  readonly benchmarkExternalId: string;
  readonly place: string;
}

export interface BenchmarkPart {
  readonly list: readonly BenchmarkRecord[];
  readonly returns: readonly BenchmarkReturnRecord[];
  readonly assignments: readonly BenchmarkAssignment[];
}

/** An open tax lot: a part of a position with a date and a cost of its own. */
export interface TaxLotRecord {
  readonly externalId: string;
  /** The same source's record of the position that the lot is a part of. */
  readonly positionExternalId: string;
  readonly accountExternalId: string;
  readonly securityExternalId: string;
  /** Null where the source does not know it. */
  readonly acquiredOn: CalendarDate | null;
  /** From where the holding period counts; null where it does not count, as for what was inherited, or is not known. */
  readonly heldFrom: CalendarDate | null;
  /** As the source says, never worked out; null where it does not say. */
  readonly term: TaxTerm | null;
  /** Short lots negative. */
  readonly quantity: Dec;
  /** Null where the source does not know it. */
  readonly costBasis: Dec | null;
  /** Null where the source does not say. */
  readonly marketValue: Dec | null;
  /** Null when the platform names none: the amounts are then in the security’s own currency. */
  readonly currency: string | null;
  readonly asOf: CalendarDate;
  readonly place: string;
}

/** A record that could not be read: kept, counted and shown, never guessed at. */
export interface QuarantinedRecord {
  readonly externalId: string | null;
  /** Plain sentence: what is wrong with it. */
  readonly reason: string;
  /** Member at fault, such as `currentShares`. */
  readonly path: string;
  /** The record as received, at most 4,000 characters. */
  readonly raw: string;
}

export type Cursor = string;

export interface SourcePage {
  /** Pass to `pull` to go on after this page. Null on the last page. */
  readonly next: Cursor | null;
  /** The bytes as received (after transport decoding). */
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly accounts: readonly AccountRecord[];
  readonly securities: readonly SecurityRecord[];
  readonly holdings: readonly HoldingRecord[];
  readonly transactions: readonly TransactionRecord[];
  /**
   * From this trade date on the pass lists every transaction, so that one it does not list any more is gone. Absent where
   * it says nothing of the kind.
   */
  readonly transactionsFrom?: CalendarDate;
  readonly performance?: readonly PerformanceRecord[];
  /** As `transactionsFrom`, for returns by the end of their period. */
  readonly performanceFrom?: CalendarDate;
  readonly benchmarks?: BenchmarkPart;
  /** As `transactionsFrom`, for returns of benchmarks; the pass then lists all benchmarks and assignments too. */
  readonly benchmarksFrom?: CalendarDate;
  /**
   * Open tax lots, on the pages of a pass that lists every one there is, so that one it does not list any more is gone.
   * Absent on all other pages.
   */
  readonly taxLots?: readonly TaxLotRecord[];
  readonly quarantined: readonly QuarantinedRecord[];
  /** Positions the platform announced for the whole pass, when it does. */
  readonly expected: number | null;
}

/** Non-secret settings of a connection, as text; each connector documents its keys and defaults. */
export type ConnectionSettings = Readonly<Record<string, string>>;
/** Secrets of a connection, as the vault returned them. Never logged, never stored elsewhere. */
export type Credentials = Readonly<Record<string, string>>;

export interface ConnectorContext {
  readonly baseUrl: string;
  readonly settings: ConnectionSettings;
  readonly credentials: Credentials;
  /**
   * Only where a person signed in with the browser: a live access token. Given the token that was refused, a renewed one.
   * Throws a ConnectorError: `unauthorised` when a person must sign in again, else `unavailable`.
   */
  readonly bearer?: (refused: string | null) => Promise<string>;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
  /** Today, from the clock port. */
  readonly today: CalendarDate;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Hears that the pass waits that long for its request budget. */
  readonly waiting?: (ms: number) => void;
  readonly log: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

export interface CredentialField {
  readonly key: string;
  readonly label: string;
  readonly secret: boolean;
  readonly required: boolean;
  readonly help: string;
}

export interface Connector {
  readonly platform: Platform;
  readonly name: string;
  readonly defaultBaseUrl: string;
  readonly credentials: readonly CredentialField[];
  readonly settings: readonly CredentialField[];
  /** Requests allowed per window for one platform account, shared by all streams. */
  readonly rateBudgets: readonly { readonly requests: number; readonly windowMs: number }[];
  /** The account at the platform whose budget a connection uses. */
  budgetKey(facts: Pick<ConnectorContext, 'baseUrl' | 'settings' | 'credentials'>): string;
  /** Signs in and makes the cheapest call that proves access. Throws a ConnectorError. */
  test(context: ConnectorContext): Promise<string>;
  /**
   * Everything about positions, page by page: accounts and securities come before or with the holdings that name them.
   * A page is small enough to hold in memory (about 5,000 holdings). Resumes after `cursor`.
   */
  pull(context: ConnectorContext, cursor: Cursor | null): AsyncIterable<SourcePage>;
}

export type ConnectorErrorKind =
  | 'unauthorised' // credentials refused: a person must sign in
  | 'forbidden' // signed in, but not allowed to see this
  | 'rate_limited' // too many requests; `retryAfterMs` says when
  | 'unavailable' // network or 5xx: try later
  | 'bad_response' // not what the documents describe
  | 'cursor_expired' // start the pass again
  | 'aborted';

export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly kind: ConnectorErrorKind;
  readonly retryAfterMs: number | null;
  /** The program's own count of requests holds it back; the platform was not asked and refused nothing. */
  readonly ownBudget: boolean;
  /** The platform's own id for the failed request, for its support desk. */
  readonly correlationId: string | null;

  constructor(
    kind: ConnectorErrorKind,
    message: string,
    options: { retryAfterMs?: number; ownBudget?: boolean; correlationId?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.ownBudget = options.ownBudget ?? false;
    this.correlationId = options.correlationId ?? null;
  }
}
