import { z } from 'zod';
import { tryCalendarDate } from '../../../shared/model/date.ts';
import { ZERO } from '../../../shared/model/decimal.ts';
import type { ConnectorContext, TransactionRecord } from '../connector.ts';
import { placeInFile } from '../excerpt.ts';
import { jsonDecimal, jsonId, jsonText, toDec, toIdText, type LosslessJson } from '../json.ts';
import { readRecord, type Quarantine } from '../quarantine.ts';
import { askedCurrency } from '../settings.ts';
import {
  canonicalMove,
  createTransactionTypes,
  createUnmappedCount,
  inKind,
  unknownPart,
  unmappedMemo,
} from '../transactions.ts';
import { BLACK_DIAMOND } from './credentials.ts';
import { createMemberFold } from './member-fold.ts';
import { BLACK_DIAMOND_ACTIONS, BLACK_DIAMOND_FLOWS } from './transaction-types.ts';

const batchTransaction = z.object({
  TransactionID: jsonId,
  AssetID: jsonId.nullish(),
  AccountId: jsonId.nullish(),
  Action: jsonText.nullish(),
  TransactionType: jsonText.nullish(),
  FileCodeDescription: jsonText.nullish(),
  Description: jsonText.nullish(),
  Notes: jsonText.nullish(),
  Units: jsonDecimal.nullable(),
  Price: jsonDecimal.nullish(),
  MarketValue: jsonDecimal.nullable(),
  TradeDate: jsonText,
  SettleDate: jsonText.nullish(),
  ExternalFlowAffect: jsonText.nullish(),
});
const fold = createMemberFold(Object.keys(batchTransaction.shape));

/** Days behind its date that a batch surely covers when no range is named: seven are reported, the edge may be left out. */
export const BATCH_DAYS = 6;
const MAX_MEMO = 1000;

/** Reads the transactions that stand under the accounts of a batch. One reader a pass: it knows what came before. */
export function createTransactionReader(context: ConnectorContext) {
  const currency = askedCurrency(context);
  const actionOf = createTransactionTypes(context, BLACK_DIAMOND_ACTIONS);
  const flowOf = createTransactionTypes(context, BLACK_DIAMOND_FLOWS);
  const unmapped = createUnmappedCount(context, BLACK_DIAMOND);
  const known = new Set<string>();

  return {
    read: (
      value: LosslessJson,
      accountExternalId: string,
      file: string,
      quarantine: Quarantine,
      pointer: string,
    ): TransactionRecord | null => {
      const sent = readRecord(batchTransaction, fold(value), quarantine, { pointer, idMember: 'TransactionID' });
      if (!sent) return null;
      const externalId = toIdText(sent.TransactionID);
      const refuse = (reason: string, path: string): null => {
        quarantine.add(externalId, reason, path, pointer);
        return null;
      };
      if (sent.AccountId != null && toIdText(sent.AccountId) !== accountExternalId)
        return refuse('AccountId names another account than the one the transaction stands under.', 'AccountId');
      const tradeDate = tryCalendarDate(sent.TradeDate);
      if (tradeDate === null) return refuse('TradeDate is not a date.', 'TradeDate');
      if (known.has(externalId))
        return refuse('Black Diamond sent this transaction twice in one batch; the first one is used.', 'TransactionID');
      known.add(externalId);
      const sentUnits = sent.Units === null ? null : toDec(sent.Units);
      const sentAmount = sent.MarketValue === null ? null : toDec(sent.MarketValue);
      const [units, amount] = [sentUnits ?? ZERO, sentAmount ?? ZERO];
      const type = inKind(actionOf(sent.Action) ?? flowOf(sent.ExternalFlowAffect) ?? 'other', units, amount);
      const word = sent.Action?.trim() || sent.TransactionType?.trim() || '';
      if (type === 'other') unmapped.add(word);
      const unknown = unknownPart(type, sentUnits, sentAmount);
      if (unknown !== null) {
        const member = unknown === 'units' ? 'Units' : 'MarketValue';
        return refuse(`${member} is null, which ${word || type} cannot do without.`, member);
      }
      const moved = canonicalMove(type, units, amount, 'magnitude');
      if (moved === null) return null;
      const memo = [sent.Description?.trim() || sent.FileCodeDescription?.trim() || '', sent.Notes?.trim() ?? '']
        .filter(Boolean)
        .join('; ');
      return {
        externalId,
        accountExternalId,
        securityExternalId: sent.AssetID == null ? null : toIdText(sent.AssetID),
        type,
        tradeDate,
        settleDate: sent.SettleDate == null ? null : tryCalendarDate(sent.SettleDate),
        ...moved,
        price: sent.Price == null ? null : toDec(sent.Price),
        currency,
        memo: (type === 'other' ? unmappedMemo(word, units, amount, memo) : memo).slice(0, MAX_MEMO),
        place: placeInFile(file, pointer),
      };
    },
    report: unmapped.report,
  };
}
