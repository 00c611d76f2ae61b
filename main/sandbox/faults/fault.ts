/** What can be made to go wrong with a request. */
export const REQUEST_FAULTS = [
  'too_many_requests',
  'server_error',
  'connection_reset',
  'slow',
  'truncated_body',
  'broken_body',
  'html',
  'number_as_string',
  'missing_member',
  'null_member',
  'expired_token',
] as const;
export type RequestFault = (typeof REQUEST_FAULTS)[number];

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
