/** What can be made to go wrong with a request, and what then happens to it. `npm run sandbox -- --help` lists them. */
export const FAULT_HELP = {
  too_many_requests: '429 in the platform’s own words, with retryAfterSeconds',
  too_many_requests_until: '429 whose Retry-After is a date, retryAfterSeconds from now',
  server_error: '500 in the platform’s own words',
  html_error: '502 with a web page',
  html: '200 with a web page',
  forbidden: '403 in JSON',
  not_found: '404 in JSON',
  gone: '410 in JSON',
  empty_401: '401 without a body',
  expired_token: '401 in the platform’s own words; signing in still works',
  redirect: '302 to another address, over plain http',
  empty_body: '200 without a body',
  connection_reset: 'the connection ends before any reply',
  slow: 'the reply comes delayMs later',
  broken_body: 'the connection ends halfway through the body',
  truncated_body: 'half of the body inside a complete reply',
  wrong_type: 'the body as text/plain',
  wrong_charset: 'the body in UTF-16',
  byte_order_mark: 'the body behind a byte order mark, which is harmless',
  damaged_compression: 'a body that says it is gzip and is not',
  unknown_compression: 'a body that says it is compressed in a way nobody asked for',
  compressed_bomb: '16 MB of blanks in a few kilobytes of gzip',
  wrapped_body: 'the whole body as the member result of an object',
  number_as_string: 'a member’s value as text',
  missing_member: 'a member left out',
  null_member: 'a member’s value null',
  renamed_member: 'a member under another name',
  repeated_member: 'a member twice, with two values',
  nested_member: 'a member’s value inside 5,000 lists',
  huge_number: 'a member’s value 1e999',
  new_word: 'a member’s value a word nobody documented',
} as const;
export type RequestFault = keyof typeof FAULT_HELP;
export const REQUEST_FAULTS = Object.keys(FAULT_HELP) as readonly RequestFault[];

export interface FaultOrder {
  readonly fault: RequestFault;
  /** Only requests whose URL contains this, whatever the case. */
  readonly path?: string;
  /** Number of requests it strikes; 1 unless told. */
  readonly times?: number;
  /** Number of matching requests that go through first. */
  readonly after?: number;
  readonly delayMs?: number;
  readonly retryAfterSeconds?: number;
  /** For changes of shape: the member they strike, and in how many places of the reply. */
  readonly member?: string;
  readonly places?: number;
}

export interface FaultQueue {
  inject(order: FaultOrder): void;
  /** The fault due for this request, if any; counts it as spent. */
  take(url: string): FaultOrder | null;
  clear(): void;
}

export function createFaultQueue(): FaultQueue {
  let waiting: { readonly order: FaultOrder; skip: number; left: number }[] = [];
  return {
    inject: (order) => void waiting.push({ order, skip: order.after ?? 0, left: order.times ?? 1 }),
    take(url) {
      const lower = url.toLowerCase();
      for (const entry of waiting) {
        if (!lower.includes((entry.order.path ?? '').toLowerCase())) continue;
        if (entry.order.fault === 'expired_token' && lower.includes('/token')) continue; // signing in again is the cure
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        if (entry.left <= 0) waiting = waiting.filter((other) => other !== entry);
        return entry.order;
      }
      return null;
    },
    clear: () => {
      waiting = [];
    },
  };
}
