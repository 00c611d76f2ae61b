import { randomBytes, randomUUID } from 'node:crypto';

export interface Random {
  uuid(): string;
  /** Unpredictable bytes, fit for keys. */
  bytes(length: number): Uint8Array;
  /** In [0, 1). Predictable: for spreading retries only. */
  fraction(): number;
}

export const systemRandom: Random = {
  uuid: () => randomUUID(),
  bytes: (length) => new Uint8Array(randomBytes(length)),
  fraction: () => Math.random(),
};
