import { z } from 'zod';
import { tryCalendarDate } from '../../../shared/model/date.ts';
import { sign, ZERO } from '../../../shared/model/decimal.ts';
import type { ConnectorContext, QuarantinedRecord, TransactionRecord } from '../connector.ts';
import { createJsonCutter } from '../json-cut.ts';
import { jsonDecimal, jsonId, jsonText, toDec, toIdText } from '../json.ts';
import { createQuarantine, readRecord } from '../quarantine.ts';
import { askedCurrency } from '../settings.ts';
import {
  canonicalMove,
  createTransactionTypes,
  createUnmappedCount,
  inKind,
  unknownPart,
  unmappedMemo,
} from '../transactions.ts';
import type { OrionPage } from './paging.ts';
import { ORION } from './session.ts';
import { ORION_FINANCIAL_TYPES, ORION_TYPES } from './transaction-types.ts';

/** Members of TransactionDto that are read; all others are tolerated. */
const orionTransaction = z.object({
  id: jsonId,
  transDate: jsonText,
  settleDate: jsonText.nullish(),
  transactionDescription: jsonText.nullish(),
  // Null where a firm names none; a record without the member is one whose meaning has moved elsewhere.
  type: jsonText.nullable(),
  financialType: jsonText.nullable(),
  transAmount: jsonDecimal.nullable(),
  noUnits: jsonDecimal.nullable(),
  navPrice: jsonDecimal.nullish(),
  status: jsonText.nullish(),
  productId: jsonId.nullish(),
  accountId: jsonId,
  notes: jsonText.nullish(),
});

const COMPLETE = 'complete';
const OTHER_STATUSES = new Set(['pending', 'rejected', 'reversed', 'inactive', 'pendingcorpaction', 'futureaip']);
const MAX_MEMO = 1000;

/** Turns pages of transactions into records. One reader a pass: it knows what came before. */
export function createOrionTransactions(context: ConnectorContext) {
  const currency = askedCurrency(context);
  const typeOf = createTransactionTypes(context, ORION_TYPES);
  const financialTypeOf = createTransactionTypes(context, ORION_FINANCIAL_TYPES);
  const unmapped = createUnmappedCount(context, ORION);
  const known = new Set<string>();

  return {
    read: (page: OrionPage): { transactions: readonly TransactionRecord[]; quarantined: readonly QuarantinedRecord[] } => {
      const quarantine = createQuarantine(createJsonCutter(page.text));
      const transactions: TransactionRecord[] = [];
      for (const [index, value] of page.items.entries()) {
        const pointer = `/${index + page.offset}`;
        const sent = readRecord(orionTransaction, value, quarantine, { pointer, idMember: 'id' });
        if (!sent) continue;
        const externalId = toIdText(sent.id);
        const refuse = (reason: string, path: string): void => quarantine.add(externalId, reason, path, pointer);
        // Only what is complete has moved units or cash.
        const status = sent.status?.toLowerCase() ?? COMPLETE;
        if (OTHER_STATUSES.has(status)) continue;
        if (status !== COMPLETE) {
          refuse(`status has the value “${status.slice(0, 60)}”, which this connector does not know.`, 'status');
          continue;
        }
        const tradeDate = tryCalendarDate(sent.transDate);
        if (tradeDate === null) {
          refuse('transDate is not a date.', 'transDate');
          continue;
        }
        const sentUnits = sent.noUnits === null ? null : toDec(sent.noUnits);
        const sentAmount = sent.transAmount === null ? null : toDec(sent.transAmount);
        const [units, amount] = [sentUnits ?? ZERO, sentAmount ?? ZERO];
        const type = inKind(typeOf(sent.type) ?? financialTypeOf(sent.financialType) ?? 'other', units, amount);
        const unknown = unknownPart(type, sentUnits, sentAmount);
        if (unknown !== null) {
          const member = unknown === 'units' ? 'noUnits' : 'transAmount';
          refuse(`${member} is null, which ${sent.type ?? type} cannot do without.`, member);
          continue;
        }
        const moved = canonicalMove(type, units, amount, 'signed');
        if (moved === null) {
          refuse(
            `noUnits ${units} contradicts the type ${sent.type ?? type}, so it is not clear which way units went.`,
            'noUnits',
          );
          continue;
        }
        if (known.size === known.add(externalId).size) {
          refuse('Orion sent this transaction twice in one pass; the first one is used.', 'id');
          continue;
        }
        const word = sent.type?.trim() || sent.financialType?.trim() || '';
        if (type === 'other') unmapped.add(word);
        const memo = [sent.transactionDescription?.trim() ?? '', sent.notes?.trim() ?? ''].filter(Boolean).join('; ');
        const price = sent.navPrice == null ? ZERO : toDec(sent.navPrice);
        transactions.push({
          externalId,
          accountExternalId: toIdText(sent.accountId),
          securityExternalId: sent.productId == null ? null : toIdText(sent.productId),
          type,
          tradeDate,
          settleDate: sent.settleDate == null ? null : tryCalendarDate(sent.settleDate),
          quantityDelta: moved.quantityDelta,
          // Payments carry a price of nothing.
          price: sign(price) === 0 ? null : price,
          cashDelta: moved.cashDelta,
          currency,
          memo: (type === 'other' ? unmappedMemo(word, units, amount, memo) : memo).slice(0, MAX_MEMO),
          place: pointer,
        });
      }
      return { transactions, quarantined: quarantine.take() };
    },
    report: unmapped.report,
  };
}
