import type { IpcMainEvent, MessageChannelMain, WebContents } from 'electron';
import { PORT_CHANNEL, refusalOf } from './ipc-handshake.ts';
import { fromElectronPort } from './ipc-port.ts';
import { serveIpc, type IpcServerParts } from './ipc-server.ts';

/**
 * Answers requests for a port: a trusted page gets one end of a fresh channel, the program serves the other. A page that
 * asks again (it was loaded anew) takes the place of the one before. Refusals are reported and stay unanswered.
 */
export function createIpcConnections(
  parts: IpcServerParts & {
    readonly newChannel: () => MessageChannelMain;
    readonly ownContents: () => WebContents | null;
    readonly onRefused: (reason: string) => void;
  },
): { connect(event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>): void; close(): void } {
  let stop: (() => void) | undefined;
  const close = (): void => {
    stop?.();
    stop = undefined;
  };
  return {
    close,
    connect(event) {
      const own = parts.ownContents();
      const reason = own === null ? 'there is no window' : refusalOf(event, own);
      const frame = event.senderFrame;
      if (reason !== null || frame === null) return parts.onRefused(reason ?? 'its frame is gone');
      close();
      const { port1, port2 } = parts.newChannel();
      stop = serveIpc(fromElectronPort(port1), parts);
      frame.postMessage(PORT_CHANNEL, null, [port2]);
    },
  };
}
