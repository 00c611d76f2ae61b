import type { Notification, NotificationConstructorOptions } from 'electron';
import type { Notice } from '../app.ts';

type Shown = Pick<Notification, 'on' | 'show'>;

export interface AlertNoticeParts {
  readonly isSupported: () => boolean;
  readonly create: (options: Pick<NotificationConstructorOptions, 'title' | 'body'>) => Shown;
  /** The person pressed a notification; `place` is the screen of its subject. */
  readonly onOpen: (place: string) => void;
  readonly onFailure: (error: unknown) => void;
}

/** More at once than these are told as one. */
const MOST_AT_ONCE = 3;
/** Kept alive, because a notification that is collected loses its press. */
const MOST_KEPT = 50;

/** Tells of new alerts by notifications of the operating system: counts and names of connections, nothing of clients. */
export function createAlertNotices({ isSupported, create, onOpen, onFailure }: AlertNoticeParts) {
  const kept: Shown[] = [];
  const show = ({ title, text, place }: Notice): void => {
    const shown = create({ title, body: text });
    shown.on('click', () => onOpen(place));
    shown.show();
    kept.push(shown);
    kept.splice(0, kept.length - MOST_KEPT);
  };
  return (notices: readonly Notice[]): void => {
    try {
      if (!isSupported()) return;
      if (notices.length <= MOST_AT_ONCE) for (const notice of notices) show(notice);
      else show({ title: `${notices.length} new alerts`, text: 'Open the inbox to see what needs you.', place: '/alerts' });
    } catch (error) {
      onFailure(error);
    }
  };
}
