import type { TypeTable } from '../transactions.ts';

/** Words of `Action`. The value list is not public: what is not here goes by `ExternalFlowAffect`, or stays other. */
export const BLACK_DIAMOND_ACTIONS: TypeTable = {
  buy: 'buy',
  purchase: 'buy',
  sell: 'sell',
  sale: 'sell',
  'sell short': 'sell_short',
  'buy to cover': 'buy_to_cover',
  dividend: 'dividend',
  interest: 'interest',
  'capital gain': 'capital_gain_distribution',
  'return of capital': 'return_of_capital',
  reinvest: 'reinvest',
  'dividend reinvest': 'reinvest',
  'management fee': 'fee',
  fee: 'fee',
  withholding: 'tax_withheld',
  deposit: 'contribution',
  withdrawal: 'withdrawal',
  receive: 'transfer_in',
  deliver: 'transfer_out',
  'stock split': 'split',
  split: 'split',
  'spin off': 'spinoff',
};

/** Values of `ExternalFlowAffect` that give a direction. */
export const BLACK_DIAMOND_FLOWS: TypeTable = { contribution: 'contribution', withdrawal: 'withdrawal' };
