import { appEvent, type AppEvent } from '../../shared/contract/index.ts';

/**
 * Reads server-sent events until the stream ends, calling back for each that this version of the page knows. `onOpen` is
 * called once data flows. Unknown events are passed over: the screen asks again anyway.
 */
export const readEvents = async (
  stream: ReadableStream<Uint8Array>,
  onOpen: () => void,
  onEvent: (event: AppEvent) => void,
): Promise<void> => {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let waiting = '';
  let isOpen = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (!isOpen) onOpen();
    isOpen = true;
    waiting += decoder.decode(value, { stream: true });
    const blocks = waiting.split('\n\n');
    waiting = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      if (data === '') continue;
      const event = appEvent.safeParse(readJson(data));
      if (event.success) onEvent(event.data);
    }
  }
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
