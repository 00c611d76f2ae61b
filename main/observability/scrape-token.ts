import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

const TOKEN = /^[A-Za-z0-9_-]{32,200}$/;
const BEARER = /^Bearer ([A-Za-z0-9_-]{32,200})$/i;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * The token a scraper sends, from a file of that one line. Throws in plain words when the file cannot be read or holds
 * something that could be guessed.
 */
export function readScrapeToken(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new Error(`The file of the metrics token cannot be read: ${path}`, { cause });
  }
  if (!TOKEN.test(text))
    throw new Error(`The file of the metrics token must hold 32 to 200 letters, digits, dashes or underscores: ${path}`);
  return text;
}

/** Tells whether an Authorization header carries the token; takes as long whatever was sent. */
export function createScrapeCheck(token: string): (authorization: string | undefined) => boolean {
  const known = digest(token);
  return (authorization) => {
    const sent = BEARER.exec(authorization ?? '')?.[1];
    return sent !== undefined && timingSafeEqual(digest(sent), known);
  };
}
