import { z } from 'zod';
import { tryCalendarDate, type CalendarDate } from '../../../shared/model/date.ts';
import { ZERO } from '../../../shared/model/decimal.ts';
import { jsonAnswer, readFrame } from '../answers.ts';
import type { ConnectorContext, QuarantinedRecord, TransactionRecord } from '../connector.ts';
import { createJsonCutter } from '../json-cut.ts';
import { jsonDecimal, jsonId, jsonList, jsonText, toDec, toIdText, type LosslessJson } from '../json.ts';
import { createQuarantine, readRecord } from '../quarantine.ts';
import {
  canonicalMove,
  createTransactionTypes,
  createUnmappedCount,
  inKind,
  unknownPart,
  unmappedMemo,
} from '../transactions.ts';
import { ADDEPAR, JSON_API, type AddeparAccess } from './access.ts';
import { wholeFirm } from './portfolio-query.ts';
import { ADDEPAR_TYPES } from './transaction-types.ts';

const COLUMNS = [
  'trade_date',
  'settlement_date',
  'type',
  'direct_owner',
  'security',
  'currency',
  'units',
  'price_per_share',
  'value',
  'description',
  'comments',
];

const named = z.object({ entity_id: jsonId }).nullable();
const queryRow = z.object({
  id: jsonId.nullish(),
  attributes: z.object({
    trade_date: jsonText,
    settlement_date: jsonText.nullish(),
    type: jsonText,
    direct_owner: named,
    security: named,
    currency: jsonText.nullish(),
    units: jsonDecimal.nullable(),
    price_per_share: jsonDecimal.nullish(),
    value: jsonDecimal.nullable(),
    description: jsonText.nullish(),
    comments: jsonText.nullish(),
  }),
});
const reply = z.object({ data: jsonList });

export interface TransactionReply {
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly text: string;
  readonly rows: readonly LosslessJson[];
}

const DOING = 'run the transactions query';
const MAX_MEMO = 1000;

/** Asks for every transaction of a span of trade dates; the query has no pages. */
export async function runTransactionQuery(
  context: ConnectorContext,
  access: AddeparAccess,
  span: { readonly from: CalendarDate; readonly to: CalendarDate },
): Promise<TransactionReply> {
  const attributes = {
    columns: COLUMNS,
    ...wholeFirm(context),
    start_date: span.from,
    end_date: span.to,
    limit: null,
  };
  const response = await access.post('/v1/transactions/query', { data: { type: 'transaction_query', attributes } }, DOING);
  const answer = jsonAnswer(ADDEPAR, response, DOING);
  return {
    raw: response.body,
    contentType: response.headers['content-type'] ?? JSON_API,
    text: answer.text,
    rows: readFrame(ADDEPAR, reply, answer, 'transactions query').data,
  };
}

/** Turns rows of one reply into records; parts of it must come in order, because rows without id are told apart by place. */
export function createTransactionReader(context: ConnectorContext, { text }: Pick<TransactionReply, 'text'>) {
  const typeOf = createTransactionTypes(context, ADDEPAR_TYPES);
  const unmapped = createUnmappedCount(context, ADDEPAR);
  const quarantine = createQuarantine(createJsonCutter(text));
  const known = new Set<string>();

  /** Addepar gives some rows no id: what they say is their name, and the second of two equal ones is the second. */
  const nameless = (parts: readonly string[]): string => {
    const content = `row:${parts.join(':')}`;
    for (let n = 1; ; n += 1) {
      const name = n === 1 ? content : `${content}#${n}`;
      if (!known.has(name)) return name;
    }
  };

  return {
    read: (
      rows: readonly LosslessJson[],
      start: number,
    ): { transactions: readonly TransactionRecord[]; quarantined: readonly QuarantinedRecord[] } => {
      const transactions: TransactionRecord[] = [];
      for (const [index, value] of rows.entries()) {
        const pointer = `/data/${start + index}`;
        const row = readRecord(queryRow, value, quarantine, { pointer, idMember: 'id' });
        if (!row) continue;
        const sent = row.attributes;
        const idHere = row.id == null ? null : toIdText(row.id);
        const refuse = (reason: string, path: string): void => quarantine.add(idHere, reason, path, pointer);
        const word = sent.type.trim().toLowerCase();
        // Account fees name the account as what is owned and leave the owner out.
        const isAccountFee = word.startsWith('account_fee') && sent.direct_owner === null;
        const owner = isAccountFee ? sent.security : sent.direct_owner;
        const tradeDate = tryCalendarDate(sent.trade_date);
        if (tradeDate === null) {
          refuse('trade_date is not a date.', 'trade_date');
          continue;
        }
        if (owner === null) {
          refuse('The transaction names no account.', 'direct_owner');
          continue;
        }
        const accountExternalId = toIdText(owner.entity_id);
        const securityExternalId = isAccountFee || sent.security === null ? null : toIdText(sent.security.entity_id);
        const sentUnits = sent.units === null ? null : toDec(sent.units);
        const sentAmount = sent.value === null ? null : toDec(sent.value);
        const [units, amount] = [sentUnits ?? ZERO, sentAmount ?? ZERO];
        const externalId = idHere ?? nameless([accountExternalId, securityExternalId ?? '', tradeDate, word, units, amount]);
        if (known.size === known.add(externalId).size) {
          refuse('Addepar sent this transaction twice in one reply; the first one is used.', 'id');
          continue;
        }
        const type = inKind(typeOf(word) ?? (word.startsWith('account_fee') ? 'fee' : 'other'), units, amount);
        if (type === 'other') unmapped.add(word);
        const unknown = unknownPart(type, sentUnits, sentAmount);
        if (unknown !== null) {
          const member = unknown === 'units' ? 'units' : 'value';
          refuse(`${member} is null, which ${word} cannot do without.`, member);
          continue;
        }
        const moved = canonicalMove(type, units, amount, 'magnitude');
        if (moved === null) continue;
        const memo = [sent.description?.trim() ?? '', sent.comments?.trim() ?? ''].filter(Boolean).join('; ');
        transactions.push({
          externalId,
          accountExternalId,
          securityExternalId,
          type,
          tradeDate,
          settleDate: sent.settlement_date == null ? null : tryCalendarDate(sent.settlement_date),
          ...moved,
          price: sent.price_per_share == null ? null : toDec(sent.price_per_share),
          currency: /^[A-Z]{3}$/.test(sent.currency ?? '') ? (sent.currency ?? null) : null,
          memo: (type === 'other' ? unmappedMemo(word, units, amount, memo) : memo).slice(0, MAX_MEMO),
          place: pointer,
        });
      }
      return { transactions, quarantined: quarantine.take() };
    },
    report: unmapped.report,
  };
}
