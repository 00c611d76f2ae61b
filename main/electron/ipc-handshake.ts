import type { IpcMainEvent, WebContents } from 'electron';
import { ORIGIN, isOwnPage } from './own-page.ts';

/** The page asks for its port on the first; the port travels back on the second. The preload knows both by the same words. */
export const CONNECT_CHANNEL = 'desktop:connect';
export const PORT_CHANNEL = 'desktop:port';

/**
 * Why a request for a port is refused, or null when it comes from the main frame of the own window, showing an own page.
 * The frame is null when it was closed or navigated away while the request was under way.
 */
export function refusalOf(event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>, own: WebContents): string | null {
  const frame = event.senderFrame;
  if (frame === null) return 'its frame is gone';
  if (event.sender !== own) return 'it comes from another window';
  if (frame.parent !== null) return 'it comes from a frame within the page';
  if (frame.origin !== ORIGIN || !isOwnPage(frame.url)) return 'it comes from a foreign page';
  return null;
}
