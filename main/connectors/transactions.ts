import { abs, neg, sign, ZERO, type Dec } from '../../shared/model/decimal.ts';
import { addDays, type CalendarDate } from '../../shared/model/date.ts';
import { TRANSACTION_TYPES, type TransactionType } from '../../shared/model/transaction.ts';
import type { ConnectorContext } from './connector.ts';
import { optionalField } from './fields.ts';
import type { Refusable } from './or-refused.ts';
import { setting } from './settings.ts';
import { wantsStream } from './streams.ts';

/** A platform’s own words in lower case, and what they are called here. */
export type TypeTable = Readonly<Record<string, TransactionType>>;

type Way = -1 | 0 | 1 | 'as sent';

/** Which way units and cash go, seen from the account. `as sent`: the type does not say, so the sign of the platform counts. */
const WAYS: Readonly<Record<TransactionType, { readonly units: Way; readonly cash: Way }>> = {
  buy: { units: 1, cash: -1 },
  buy_to_cover: { units: 1, cash: -1 },
  sell: { units: -1, cash: 1 },
  sell_short: { units: -1, cash: 1 },
  dividend: { units: 0, cash: 1 },
  interest: { units: 0, cash: 1 },
  capital_gain_distribution: { units: 0, cash: 1 },
  return_of_capital: { units: 0, cash: 1 },
  reinvest: { units: 1, cash: 0 },
  fee: { units: 0, cash: -1 },
  tax_withheld: { units: 0, cash: -1 },
  contribution: { units: 0, cash: 1 },
  withdrawal: { units: 0, cash: -1 },
  transfer_in: { units: 1, cash: 0 },
  transfer_out: { units: -1, cash: 0 },
  journal: { units: 'as sent', cash: 'as sent' },
  split: { units: 'as sent', cash: 0 },
  spinoff: { units: 1, cash: 0 },
  merger: { units: 'as sent', cash: 0 },
  assignment: { units: 'as sent', cash: 'as sent' },
  exercise: { units: 'as sent', cash: 'as sent' },
  expire: { units: 'as sent', cash: 0 },
  adjustment: { units: 'as sent', cash: 'as sent' },
  cancel: { units: 'as sent', cash: 'as sent' },
  other: { units: 0, cash: 0 },
};

/**
 * How a platform signs its transactions. `magnitude`: the type alone gives the direction. `signed`: units carry their own
 * sign, and so do payments; a trade’s amount goes the way of its units.
 */
export type SignHabit = 'magnitude' | 'signed';

export interface Moved {
  readonly quantityDelta: Dec;
  readonly cashDelta: Dec;
}

const along = (amount: Dec, way: Way): Dec => {
  if (way === 'as sent') return amount;
  return way === 0 ? ZERO : way === 1 ? abs(amount) : neg(abs(amount));
};

/** Brings units and amount to canonical signs. Null when the units contradict the type, so that no direction is guessed. */
export function canonicalMove(type: TransactionType, units: Dec, amount: Dec, habit: SignHabit): Moved | null {
  const { units: unitsWay, cash: cashWay } = WAYS[type];
  if (habit === 'magnitude') return { quantityDelta: along(units, unitsWay), cashDelta: along(amount, cashWay) };
  if (typeof unitsWay === 'number' && sign(units) === -unitsWay && unitsWay !== 0) return null;
  // A payment that is taken back has the opposite sign, which must not be lost.
  const payment = unitsWay === 0 && cashWay !== 0;
  return { quantityDelta: along(units, unitsWay), cashDelta: payment ? amount : along(amount, cashWay) };
}

/**
 * What a type needs and the platform sent as null: nothing moved and not known look alike, so it must not count as zero.
 * Null when nothing is missing. A type that takes both as sent needs one of them.
 */
export function unknownPart(type: TransactionType, units: Dec | null, amount: Dec | null): 'units' | 'amount' | null {
  const { units: unitsWay, cash: cashWay } = WAYS[type];
  if (unitsWay !== 0 && cashWay !== 0 && unitsWay === cashWay) return units === null && amount === null ? 'units' : null;
  if (unitsWay !== 0 && units === null) return 'units';
  return cashWay !== 0 && amount === null ? 'amount' : null;
}

/** Units that come or go without cash are a transfer in kind, and cash without units is a payment, whatever the word. */
export function inKind(type: TransactionType, units: Dec, amount: Dec): TransactionType {
  // Cash counts itself in units: as many as the amount.
  const ofUnits = sign(units) !== 0 && abs(units) !== abs(amount);
  if (ofUnits && type === 'contribution') return 'transfer_in';
  if (ofUnits && type === 'withdrawal') return 'transfer_out';
  if (sign(units) === 0 && sign(amount) !== 0 && type === 'transfer_in') return 'contribution';
  if (sign(units) === 0 && sign(amount) !== 0 && type === 'transfer_out') return 'withdrawal';
  return type;
}

export const TRANSACTION_TYPE_FIELD = optionalField(
  'transactionTypes',
  'Transaction types',
  'Your own reading of types that are not known, such as “Custodian Sweep=journal, Class Action=other”.',
);

/** Answers how this connection calls a platform’s types: its own setting first, then the table; null when neither knows it. */
export function createTransactionTypes(
  context: ConnectorContext,
  table: TypeTable,
): (word: string | null | undefined) => TransactionType | null {
  const own = new Map<string, TransactionType>();
  for (const entry of setting(context, 'transactionTypes', '').split(',')) {
    const [word = '', wanted = ''] = entry.split('=').map((part) => part.trim().toLowerCase());
    const type = TRANSACTION_TYPES.find((known) => known === wanted);
    if (word !== '' && type) own.set(word, type);
  }
  return (word) => {
    const name = word?.trim().toLowerCase() ?? '';
    return own.get(name) ?? (Object.hasOwn(table, name) ? table[name] : null) ?? null;
  };
}

/** What the memo says of a transaction whose type no table knows: nothing of it is counted until somebody names the type. */
export const unmappedMemo = (word: string, units: Dec, amount: Dec, memo: string): string =>
  [`Type “${word.slice(0, 60) || 'none'}” is not mapped: units ${units} and amount ${amount} as sent are not counted`, memo]
    .filter((part) => part !== '')
    .join('. ');

const DEFAULT_DAYS = 60;

export const TRANSACTION_DAYS_FIELD = optionalField(
  'transactionDays',
  'Days of transactions',
  'How many days back each sync reads, 0 for none, all for the full history. Default 60.',
);

/** From where transactions are asked for: a date, `all`, or `none`. */
export function askedWindow(context: ConnectorContext): CalendarDate | 'all' | 'none' {
  if (!wantsStream(context, 'transactions')) return 'none';
  const text = setting(context, TRANSACTION_DAYS_FIELD.key, String(DEFAULT_DAYS)).toLowerCase();
  if (text === 'all') return 'all';
  const days = /^\d{1,5}$/.test(text) ? Number(text) : DEFAULT_DAYS;
  return days === 0 ? 'none' : addDays(context.today, -days);
}

/** Long enough ago for the books of any firm, where a platform wants a date to start at. */
export const BEGINNING = '1970-01-01' as CalendarDate;

/** Counts the types that no table knew, for the log of a pass. */
export function createUnmappedCount(context: ConnectorContext, platform: string) {
  const counts = new Map<string, number>();
  return {
    add: (word: string): void => void counts.set(word.slice(0, 60), (counts.get(word.slice(0, 60)) ?? 0) + 1),
    report: (): void => {
      if (counts.size > 0)
        context.log(`${platform} names transaction types that are not mapped; they count as “other”`, {
          types: Object.fromEntries(counts),
        });
    },
  };
}

export const TRANSACTIONS_REFUSED: Refusable = { noun: 'transactions', otherwise: 'set the days of transactions to 0' };
