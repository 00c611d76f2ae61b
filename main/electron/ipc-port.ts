import type { MessagePortMain } from 'electron';

/** One end of a message channel, whatever carries it. */
export interface IpcPort {
  /** Throws when the message cannot be cloned. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** The main process's end of the window's channel. */
export function fromElectronPort(port: Pick<MessagePortMain, 'postMessage' | 'on' | 'start' | 'close'>): IpcPort {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}
