const KB = 1024;
const MB = 1024 * KB;
const SECOND = 1000;

export interface Bucket {
  /** How many may come at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** What one client may ask of the host. Sizes in bytes, times in milliseconds. */
export interface Limits {
  readonly body: number;
  readonly fileBody: number;
  readonly sessionBody: number;
  readonly webhookBody: number;
  readonly headers: number;
  readonly connections: number;
  /** For the request line and headers to arrive. */
  readonly headersTimeout: number;
  /** For the whole request to arrive. */
  readonly requestTimeout: number;
  readonly calls: Bucket;
  readonly signIns: Bucket;
  /** For each connection. */
  readonly webhooks: Bucket;
  readonly scrapes: Bucket;
  readonly eventClients: number;
  /** Bytes that may wait for one reader of events before it is cut off. */
  readonly eventBuffer: number;
  readonly heartbeat: number;
  /** For requests in flight to end when the host stops. */
  readonly grace: number;
}

export const LIMITS: Limits = {
  body: MB,
  // 20 MB of file as base64 is 26.7 MB, and JSON around it.
  fileBody: 30 * MB,
  sessionBody: 4 * KB,
  // Senders keep messages below 20 kB.
  webhookBody: 64 * KB,
  // Filters travel in the query string.
  headers: 64 * KB,
  connections: 2_000,
  headersTimeout: 10 * SECOND,
  requestTimeout: 60 * SECOND,
  calls: { burst: 3_000, perSecond: 500 },
  signIns: { burst: 60, perSecond: 1 },
  webhooks: { burst: 60, perSecond: 1 },
  scrapes: { burst: 30, perSecond: 2 },
  eventClients: 32,
  eventBuffer: 256 * KB,
  heartbeat: 15 * SECOND,
  grace: 4 * SECOND,
};
