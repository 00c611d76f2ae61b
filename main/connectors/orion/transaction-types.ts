import type { TypeTable } from '../transactions.ts';

/** Words of `type`. Orion publishes no list, and a firm may add its own: what is not here goes by `financialType`. */
export const ORION_TYPES: TypeTable = {
  buy: 'buy',
  purchase: 'buy',
  'buy to cover': 'buy_to_cover',
  sell: 'sell',
  sale: 'sell',
  'sell short': 'sell_short',
  'short sale': 'sell_short',
  dividend: 'dividend',
  'cash dividend': 'dividend',
  interest: 'interest',
  'capital gain': 'capital_gain_distribution',
  'long term capital gain': 'capital_gain_distribution',
  'short term capital gain': 'capital_gain_distribution',
  'return of capital': 'return_of_capital',
  'dividend reinvest': 'reinvest',
  reinvestment: 'reinvest',
  'management fee': 'fee',
  fee: 'fee',
  'tax withheld': 'tax_withheld',
  contribution: 'contribution',
  deposit: 'contribution',
  distribution: 'withdrawal',
  withdrawal: 'withdrawal',
  'transfer in': 'transfer_in',
  'transfer out': 'transfer_out',
  journal: 'journal',
  split: 'split',
  'stock split': 'split',
  'spin off': 'spinoff',
  merger: 'merger',
};

/** Values of `financialType` that say what a transaction is. Exchange, Merges, None and Other are too wide for that. */
export const ORION_FINANCIAL_TYPES: TypeTable = {
  contribution: 'contribution',
  distribution: 'withdrawal',
  divreinvest: 'reinvest',
  divcash: 'dividend',
  mgmntfees: 'fee',
  miscfees: 'fee',
  journal: 'journal',
};
