import { createCipheriv, createDecipheriv, createHash, scrypt } from 'node:crypto';

/** AES-256-GCM output, base64. */
export interface Sealed {
  readonly nonce: string;
  readonly ciphertext: string;
  readonly tag: string;
}

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** About a third of a second and 128 MB on a desktop of today. */
export const SCRYPT_COST: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals text under a 32-byte key. `context` is authenticated but not stored: opening needs the same. The nonce must be fresh. */
export const seal = (key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, context: string): Sealed => {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return {
    nonce: Buffer.from(nonce).toString('base64'),
    ciphertext: ciphertext.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
};

/** The plain bytes, or null when key, context or any bit of the record is not the one it was sealed with. */
export const unseal = (key: Uint8Array, sealed: Sealed, context: string): Buffer | null => {
  const nonce = Buffer.from(sealed.nonce, 'base64');
  const tag = Buffer.from(sealed.tag, 'base64');
  if (nonce.length !== NONCE_BYTES || tag.length !== TAG_BYTES || key.length !== KEY_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(Buffer.from(sealed.ciphertext, 'base64')), decipher.final()]);
  } catch {
    return null;
  }
};

/** A name for a key that says nothing about it, so that a changed key is told from a damaged record. */
export const keyName = (key: Uint8Array): string =>
  createHash('sha256').update('clearway vault key').update(key).digest('hex').slice(0, 24);

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));

/** A 32-byte key from a passphrase. Rejects costs outside what this program writes, so that a forged file cannot exhaust memory. */
export const keyFromPassphrase = (passphrase: string, salt: Uint8Array, cost: ScryptCost): Promise<Buffer> => {
  if (!isPowerOfTwo(cost.N) || cost.N < 2 ** 10 || cost.N > 2 ** 18 || cost.r !== 8 || cost.p !== 1) {
    return Promise.reject(new RangeError('The key of the vault file has a cost this program does not use'));
  }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem: 256 * cost.N * cost.r }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
};
