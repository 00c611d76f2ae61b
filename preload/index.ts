import { contextBridge, ipcRenderer } from 'electron';

// The same words as in main/electron/ipc-handshake.ts; a sandboxed preload shares no module with the main process.
const CONNECT_CHANNEL = 'desktop:connect';
const PORT_CHANNEL = 'desktop:port';
/** What the page's message event carries beside the port. */
const PORT_MESSAGE = 'clearway:port';

ipcRenderer.on(PORT_CHANNEL, (event) => window.postMessage(PORT_MESSAGE, window.location.origin, event.ports));

contextBridge.exposeInMainWorld('clearwayDesktop', {
  /** Asks the program for a port; it arrives as a message event on the window. */
  connect: (): void => ipcRenderer.send(CONNECT_CHANNEL),
});
