import { ConnectorError, type SourcePage } from './connector.ts';
import { EMPTY_PAGE, type OptionalStream } from './streams.ts';

export interface Refusable {
  /** As people call it: `transactions`. */
  readonly noun: string;
  /** What a person can set so that it is not asked for. */
  readonly otherwise: string;
}

/** A stream that only the streams of the connection turn off. */
export const refusedStream = (stream: OptionalStream): Refusable => ({
  noun: stream,
  otherwise: `leave ${stream} out of what this connection reads`,
});

/**
 * Pages of something beside positions; where this user may not read any, one page that says so among the records set aside,
 * because positions are read all the same. A refusal after the first page is an error like any other. `next` is where the
 * pass goes on after a refusal, null for nowhere.
 */
export async function* orRefused(
  platform: string,
  { noun, otherwise }: Refusable,
  pages: AsyncIterable<SourcePage>,
  next: SourcePage['next'] = null,
): AsyncGenerator<SourcePage, void, undefined> {
  let begun = false;
  try {
    for await (const page of pages) {
      begun = true;
      yield page;
    }
  } catch (error) {
    if (begun || !(error instanceof ConnectorError) || error.kind !== 'forbidden') throw error;
    const reason = `${platform} does not let this user read ${noun}, so none were read. Ask for the right, or ${otherwise}.`;
    yield {
      ...EMPTY_PAGE,
      next,
      raw: Buffer.from(error.message),
      contentType: 'text/plain',
      quarantined: [{ externalId: null, reason, path: noun, raw: error.message }],
    };
  }
}
