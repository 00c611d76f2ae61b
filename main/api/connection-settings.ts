import { AppError } from '../../shared/contract/errors.ts';
import type { ConnectionSettings } from '../connectors/connector.ts';
import { SIGN_IN_SETTING } from '../sign-in/entered-sign-in.ts';

/** Settings the program keeps for itself: no form shows them, so no form may drop them. */
const OWN = [SIGN_IN_SETTING, 'sandbox'];

/** What a person set, with what the program keeps beside it. */
export const withOwnSettings = (asked: ConnectionSettings, stored: ConnectionSettings): ConnectionSettings => ({
  ...Object.fromEntries(Object.entries(asked).filter(([key, value]) => !OWN.includes(key) && value.trim() !== '')),
  ...Object.fromEntries(Object.entries(stored).filter(([key]) => OWN.includes(key))),
});

interface Addresses {
  readonly baseUrl: string;
  readonly settings: ConnectionSettings;
}

const originOf = (text: string | undefined): string | null => {
  const url = URL.parse(text ?? '');
  return url && /^https?:$/.test(url.protocol) ? url.origin : null;
};

/** Stored credentials go to the hosts they were entered for and to no other: neither base URL nor a setting moves them. */
export function assertSameHosts(asked: Partial<Addresses>, stored: Addresses): void {
  const moved = (to: string | undefined, from: string | undefined): boolean =>
    originOf(to) !== null && originOf(to) !== originOf(from);
  const elsewhere =
    moved(asked.baseUrl, stored.baseUrl) ||
    Object.entries(asked.settings ?? {}).some(([key, value]) => moved(value, stored.settings[key]));
  if (elsewhere)
    throw new AppError('not_possible', 'This is another host. Enter the credentials again: stored ones are not sent elsewhere.');
}
