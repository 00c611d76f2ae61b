import type { TypeTable } from '../transactions.ts';

/** Addepar’s types as documented. Wide ones (corporate_action, conversion, income, expense, transfer) are left unmapped. */
export const ADDEPAR_TYPES: TypeTable = {
  buy: 'buy',
  sell: 'sell',
  redemption: 'sell',
  sell_short: 'sell_short',
  cover_short: 'buy_to_cover',
  reinvestment: 'reinvest',
  cash_dividend: 'dividend',
  interest_income: 'interest',
  fee: 'fee',
  account_fee: 'fee',
  account_fee_advisor: 'fee',
  account_fee_bank: 'fee',
  account_fee_custodian: 'fee',
  deposit: 'contribution',
  contribution: 'contribution',
  withdrawal: 'withdrawal',
  transfer_in: 'transfer_in',
  transfer_out: 'transfer_out',
  stock_split: 'split',
  spinoff: 'spinoff',
  tax: 'tax_withheld',
  tax_withholding: 'tax_withheld',
};
