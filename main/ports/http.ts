/** A request to a platform. Bodies are text or bytes; JSON is built and read by the connector. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Largest body accepted, in bytes after decoding. */
  readonly maxBytes?: number;
  /** Asked of every network address before it is connected to; an address that is refused is never reached. */
  readonly mayReach?: (address: string) => boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  /** `untrusted`: who answered could not be verified. `unreadable`: an answer came, but not one in documented HTTP. */
  readonly kind: 'timeout' | 'network' | 'too_large' | 'untrusted' | 'unreadable' | 'aborted';
  constructor(kind: HttpFailure['kind'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}

/**
 * Sends one request and reads the whole answer. Redirects are not followed (the answer is returned), so credentials
 * never reach another host. Rejects with HttpFailure; any HTTP status is an answer, not a failure.
 */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResponse>;
}
