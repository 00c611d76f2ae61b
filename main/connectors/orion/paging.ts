import { jsonAnswer, readFrame, type JsonAnswer } from '../answers.ts';
import { ConnectorError } from '../connector.ts';
import { cursorExpired } from '../cursors.ts';
import { jsonId, jsonList, toIdText, type LosslessJson } from '../json.ts';
import { oneAhead, type Loaded } from '../one-ahead.ts';
import { ORION, type OrionSession } from './session.ts';

/** Where a list goes on: after `skip` records. The last of them with a readable id is `last`, `back` records before that edge. */
export interface OrionPosition {
  readonly skip: number;
  readonly last: string | null;
  readonly back: number;
}
export const ORION_START: OrionPosition = { skip: 0, last: null, back: 0 };

export interface OrionPage extends JsonAnswer {
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly items: readonly LosslessJson[];
  /** Index of the first item in the reply's list: what stands before it belongs to the page before. */
  readonly offset: number;
  readonly from: OrionPosition;
  /** Null after the last page. */
  readonly next: OrionPosition | null;
}

const idOf = (item: LosslessJson | undefined): string | null => {
  const id: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, 'id') : null;
  const read = jsonId.safeParse(id);
  return read.success ? toIdText(read.data) : null;
};

/**
 * Reads a list route page by page with `$top` and `$skip`. Orion gives no total and no stable order, so every page after
 * the first is asked to begin with the last record of the page before: when it does not, records have moved and the pass
 * must start again; when it holds nothing else, the list is complete, however short the server cuts its pages.
 */
export async function* orionPages(
  session: OrionSession,
  route: { readonly path: string; readonly doing: string; readonly top: number },
  start: OrionPosition,
  signal: AbortSignal,
  log: (message: string) => void,
): AsyncGenerator<OrionPage, void, undefined> {
  let firstId: string | null = null;

  const load = async (from: OrionPosition, within: AbortSignal): Promise<Loaded<OrionPage, OrionPosition>> => {
    const join = route.path.includes('?') ? '&' : '?';
    const response = await session.get(
      `${route.path}${join}$top=${route.top + from.back}&$skip=${from.skip - from.back}`,
      route.doing,
      within,
    );
    const answer = jsonAnswer(ORION, response, route.doing);
    const items = readFrame(ORION, jsonList, answer, 'list');
    const make = (kept: OrionPage['items'], next: OrionPosition | null): Loaded<OrionPage, OrionPosition> => ({
      value: {
        ...answer,
        raw: response.body,
        contentType: response.headers['content-type'] ?? 'application/json',
        items: kept,
        offset: from.back,
        from,
        next,
      },
      next,
    });
    const first = idOf(items[0]);
    if (from.last !== null && first !== from.last) {
      if (first !== null && first === firstId) {
        // A server that ignores $skip sends the same page again; if that page was not full, it was everything.
        if (from.skip < route.top) {
          log(`Orion ignores $skip on ${route.path}; its one page is taken as the whole list`);
          return make([], null);
        }
        throw new ConnectorError(
          'bad_response',
          `Orion ignored the paging of ${route.path}: the second page repeats the first. Set the page size to more than the number of records.`,
        );
      }
      throw cursorExpired(`Orion’s list changed while it was being read (${route.path}). The pass starts again.`);
    }
    firstId ??= first;
    const kept = items.slice(from.back);
    if (kept.length === 0) return make(kept, null);
    const skip = from.skip + kept.length;
    const anchor = kept.findLastIndex((item) => idOf(item) !== null);
    if (anchor >= 0) return make(kept, { skip, last: idOf(kept[anchor]), back: kept.length - anchor });
    return make(kept, { skip, last: from.last, back: from.last === null ? 0 : from.back + kept.length });
  };

  yield* oneAhead(start, signal, load);
}
