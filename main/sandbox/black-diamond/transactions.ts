import { fixed, storedText } from '../firm/fixed.ts';
import type { Activity, ActivityKind } from '../firm/activity.ts';
import { quoted } from '../http/json-text.ts';
import { accountId, assetId } from './ids.ts';

interface Code {
  readonly action: string;
  readonly type: string;
  /** Code of the source file and its text. */
  readonly file: string;
  readonly text: string;
  readonly flow: 'NotExternalFlow' | 'Contribution' | 'Withdrawal';
}

/** MarketValue and Units are magnitudes; the words give the direction. */
const CODES: Readonly<Record<ActivityKind, Code>> = {
  buy: { action: 'Buy', type: 'Trade', file: 'BY', text: 'Purchase', flow: 'NotExternalFlow' },
  sell: { action: 'Sell', type: 'Trade', file: 'SL', text: 'Sale', flow: 'NotExternalFlow' },
  dividend: { action: 'Dividend', type: 'Income', file: 'DV', text: 'Cash Dividend', flow: 'NotExternalFlow' },
  interest: { action: 'Interest', type: 'Income', file: 'IN', text: 'Interest Received', flow: 'NotExternalFlow' },
  reinvest: { action: 'Reinvest', type: 'Income', file: 'RI', text: 'Reinvested Dividend', flow: 'NotExternalFlow' },
  fee: { action: 'Management Fee', type: 'Expense', file: 'MF', text: 'Advisory Fee', flow: 'NotExternalFlow' },
  deposit: { action: 'Deposit', type: 'Cash', file: 'DP', text: 'Cash Deposit', flow: 'Contribution' },
  withdrawal: { action: 'Withdrawal', type: 'Cash', file: 'WD', text: 'Cash Withdrawal', flow: 'Withdrawal' },
  transfer_in: { action: 'Receive', type: 'Transfer', file: 'TI', text: 'Securities Received', flow: 'Contribution' },
  transfer_out: { action: 'Deliver', type: 'Transfer', file: 'TO', text: 'Securities Delivered', flow: 'Withdrawal' },
  tax: { action: 'Withholding', type: 'Expense', file: 'TX', text: 'Tax Withheld', flow: 'NotExternalFlow' },
  split: { action: 'Stock Split', type: 'Corporate Action', file: 'SP', text: 'Split', flow: 'NotExternalFlow' },
  sweep: { action: 'Sweep Adjust', type: 'Other', file: 'SA', text: 'Sweep', flow: 'NotExternalFlow' },
};
const FIRST_ID = 95_000_001;
/** Days a batch covers when it is asked for transactions and no range is named. */
export const BATCH_DAYS = 7;

/** A transaction of the batch, with the mixed spelling of its ids. */
export function transactionText({
  number,
  account,
  kind,
  security,
  units,
  price,
  amount,
  tradeDate,
  settleDate,
}: Activity): string {
  const code = CODES[kind];
  return (
    `{"TransactionID":"${FIRST_ID + number}","HoldingID":null,"AssetID":${assetId(security.index)},"AccountId":"${accountId(account)}","Action":"${code.action}","TransactionType":"${code.type}",` +
    `"TransactionSubType":null,"TransCode":"${code.file}","SubCode":null,"FileCodeDescription":"${code.text}","Description":${quoted(`${code.text} ${security.name}`)},"Notes":null,` +
    `"DisplayCusip":${quoted(security.cusip)},"Ticker":${quoted(security.ticker)},"Units":${storedText(units)},"Price":${price === null ? 'null' : storedText(price)},"MarketValue":${storedText(amount)},` +
    `"AccountFee":${storedText(fixed(0, 2))},"TransactionFee":${storedText(fixed(0, 2))},"TradeDate":"${tradeDate}","SettleDate":"${settleDate}","ReturnDate":"${tradeDate}","ExternalFlowAffect":"${code.flow}","ExternalContraAccountId":null}`
  );
}
