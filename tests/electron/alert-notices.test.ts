import { expect, test } from 'vitest';
import { createAlertNotices } from '../../main/electron/alert-notices.ts';
import { createPlaceRequests } from '../../main/electron/place-requests.ts';
import type { AppEvent } from '../../shared/contract/index.ts';

const notice = (title: string) => ({ title, text: 'Open the connection and sign in again.', place: `/connections?id=${title}` });

function stand(isSupported = true) {
  const shown: { readonly title: string | undefined; readonly body: string | undefined; readonly press: () => void }[] = [];
  const opened: string[] = [];
  const failures: unknown[] = [];
  const tell = createAlertNotices({
    isSupported: () => isSupported,
    create: ({ title, body }) => {
      let press: () => void = () => undefined;
      const made = {
        on: (event: string, listener: () => void) => {
          if (event === 'click') press = listener;
          return made;
        },
        show: () => {
          if (title === 'broken') throw new Error('no bus');
          shown.push({ title, body, press });
        },
      };
      return made as never;
    },
    onOpen: (place) => opened.push(place),
    onFailure: (error) => failures.push(error),
  });
  return { tell, shown, opened, failures };
}

test('each new alert is a notification of its own, and pressing it opens its subject', () => {
  const { tell, shown, opened } = stand();
  tell([notice('1'), notice('2')]);
  expect(shown.map(({ title, body }) => [title, body])).toEqual([
    ['1', 'Open the connection and sign in again.'],
    ['2', 'Open the connection and sign in again.'],
  ]);
  shown[1]?.press();
  expect(opened).toEqual(['/connections?id=2']);
});

test('more than three at once are one notification that opens the inbox', () => {
  const { tell, shown, opened } = stand();
  tell(['1', '2', '3', '4'].map(notice));
  expect(shown.map(({ title }) => title)).toEqual(['4 new alerts']);
  shown[0]?.press();
  expect(opened).toEqual(['/alerts']);
});

test('a system without notifications is left alone, and one that fails is reported', () => {
  const without = stand(false);
  without.tell([notice('1')]);
  expect(without.shown).toEqual([]);
  const { tell, failures } = stand();
  tell([notice('broken')]);
  expect(failures).toHaveLength(1);
});

test('a place that is asked for before the page listens waits for it, and goes to it once', () => {
  const places = createPlaceRequests();
  places.ask('/alerts');
  const heard: AppEvent[] = [];
  const stop = places.subscribe((event) => heard.push(event));
  places.ask('/connections?id=2');
  stop();
  places.subscribe(() => expect.unreachable());
  expect(heard).toEqual([
    { type: 'place_asked', path: '/alerts' },
    { type: 'place_asked', path: '/connections?id=2' },
  ]);
});
