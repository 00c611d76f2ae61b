import { gzipSync } from 'node:zlib';
import type { FaultOrder } from './fault.ts';

export interface SpoiltBody {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const BOMB_BYTES = 16 * 2 ** 20;
const BYTE_ORDER_MARK = Buffer.from('efbbbf', 'hex');

/** Wraps, encodes or labels a whole body wrongly. Null for faults that leave it alone or are not about all of it. */
export function spoilBody(order: FaultOrder, whole: Buffer): SpoiltBody | null {
  switch (order.fault) {
    case 'truncated_body':
      return { body: whole.subarray(0, Math.floor(whole.length / 2)), headers: {} };
    case 'wrong_type':
      return { body: whole, headers: { 'content-type': 'text/plain; charset=utf-8' } };
    case 'wrong_charset':
      return {
        body: Buffer.from(whole.toString('utf8'), 'utf16le'),
        headers: { 'content-type': 'application/json; charset=utf-16' },
      };
    case 'byte_order_mark':
      return { body: Buffer.concat([BYTE_ORDER_MARK, whole]), headers: {} };
    case 'damaged_compression':
      return { body: whole, headers: { 'content-encoding': 'gzip' } };
    case 'unknown_compression':
      return { body: whole, headers: { 'content-encoding': 'lz-unheard-of' } };
    case 'compressed_bomb':
      return { body: gzipSync(Buffer.alloc(BOMB_BYTES, ' '), { level: 1 }), headers: { 'content-encoding': 'gzip' } };
    case 'wrapped_body':
      return { body: Buffer.from(`{"result":${whole.toString('utf8')}}`), headers: {} };
    default:
      return null;
  }
}
