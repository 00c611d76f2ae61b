import type { OpeningBook } from '../../shared/model/opening-book.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type { HttpClient } from '../ports/http.ts';
import type { AppFacts } from './app-facts.ts';

/** How to reach one sandbox platform, as `npm run sandbox` prints it. */
export interface DemoPlatform {
  readonly baseUrl: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
}
export interface Demo {
  readonly platforms: Readonly<Partial<Record<Platform, DemoPlatform>>>;
  /** Where the demo firm's own opening book can be fetched as JSON. */
  readonly openingBook: string;
}

const ORDER: readonly (readonly [Platform, string])[] = [
  ['black_diamond', 'Black Diamond'],
  ['orion', 'Orion'],
  ['addepar', 'Addepar'],
];

export interface DemoParts {
  readonly facts: () => Promise<AppFacts>;
  readonly add: (platform: Platform, name: string, demo: DemoPlatform) => Promise<number>;
  readonly refresh: (id: number, platform: Platform, demo: DemoPlatform) => Promise<void>;
  readonly openBook: (book: OpeningBook, connections: Partial<Record<Platform, number>>) => Promise<unknown>;
  readonly http: HttpClient;
}

/**
 * Connects the demo firm: in an empty book takes over its opening book and answers the connections to sync first; in a book
 * that knows them already only tells the connections where the sandbox listens this time. Any other book is left alone.
 */
export async function connectDemo(demo: Demo, parts: DemoParts): Promise<number[]> {
  const { connections } = await parts.facts();
  if (connections.length > 0) {
    for (const { id, platform } of connections.filter((c) => c.demo)) {
      const found = demo.platforms[platform as Platform];
      if (found) await parts.refresh(id, platform as Platform, found);
    }
    return [];
  }
  const ids: Partial<Record<Platform, number>> = {};
  for (const [platform, name] of ORDER) {
    const found = demo.platforms[platform];
    if (found) ids[platform] = await parts.add(platform, name, found);
  }
  const answer = await parts.http.send({ method: 'GET', url: demo.openingBook });
  if (answer.status !== 200) throw new Error(`The sandbox answered ${answer.status} when asked for the opening book.`);
  await parts.openBook(JSON.parse(Buffer.from(answer.body).toString()) as OpeningBook, ids);
  return Object.values(ids);
}
