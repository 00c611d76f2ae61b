import { tryCalendarDate, type CalendarDate } from '../../shared/model/date.ts';
import { ConnectorError, type ConnectorContext, type CredentialField } from './connector.ts';

/** A setting or its default; blank counts as absent. */
export const setting = (context: Pick<ConnectorContext, 'settings'>, key: string, otherwise: string): string =>
  (context.settings[key] ?? '').trim() || otherwise;

/** A credential that must be there. Throws `unauthorised` and names the field, never a value. */
export function credential(context: ConnectorContext, field: CredentialField): string {
  const value = (context.credentials[field.key] ?? '').trim();
  if (value === '')
    throw new ConnectorError('unauthorised', `${field.label} is not filled in. Enter it in the settings of this connection.`);
  return value;
}

/** The date a pass asks for: the setting `asOf`, else what the connector proposes. */
export function askedDate(context: ConnectorContext, otherwise: CalendarDate): CalendarDate {
  const text = setting(context, 'asOf', otherwise);
  const date = text.length === 10 ? tryCalendarDate(text) : null;
  if (date === null)
    throw new ConnectorError(
      'bad_response',
      'The setting “As-of date” is not a date such as 2025-06-30. Correct it in the settings of this connection.',
    );
  return date;
}

/** Currency of accounts and securities that a platform describes without naming one. */
export const UNNAMED_CURRENCY = 'USD';

/** ISO code that amounts are in when the connection says so; null: each amount is in its security's own currency. */
export function askedCurrency(context: ConnectorContext): string | null {
  const code = setting(context, 'currency', '').toUpperCase();
  if (code === '') return null;
  if (!/^[A-Z]{3}$/.test(code))
    throw new ConnectorError(
      'bad_response',
      'The setting “Currency” is not a code of three letters such as USD. Correct it in the settings of this connection.',
    );
  return code;
}

/** A whole number within bounds; anything else falls back. */
export function askedCount(context: ConnectorContext, key: string, otherwise: number, most: number): number {
  const text = setting(context, key, '');
  return /^[1-9]\d{0,8}$/.test(text) ? Math.min(Number(text), most) : otherwise;
}

/** The base URL without trailing slashes. */
export const trimmedBase = (context: Pick<ConnectorContext, 'baseUrl'>): string => context.baseUrl.trim().replace(/\/+$/, '');
