import {
  balance,
  bankTransaction,
  described,
  document,
  position,
  secId,
  statement,
  transactionHead,
  values,
  written,
  type Node,
  type StatementParts,
} from '../connectors/custodian-file/ofx-writer.ts';

export const APPLE = '037833100';
export const MICROSOFT = '594918104';
export const BOEING = '097023105';

const NAMES: Readonly<Record<string, string>> = { [APPLE]: 'Apple Inc', [MICROSOFT]: 'Microsoft Corp', [BOEING]: 'Boeing Co' };

/** A stock position; the value is quantity x price, both whole. */
export const stock = (cusip: string, units: number, price = 5): Node =>
  position('POSSTOCK', secId(cusip), { UNITS: String(units), UNITPRICE: String(price), MKTVAL: String(units * price) });

export const cash = (value: string): Node[] => [balance('ENDING CASH', value)];

/** A cash movement; without an id of the custodian it is known by its content. */
export const movement = (amount: string, fitId: string | null): Node =>
  bankTransaction(amount.startsWith('-') ? 'DEBIT' : 'CREDIT', amount, fitId);

export const bought = (cusip: string, units: string, total: string, fitId: string): Node => [
  'BUYSTOCK',
  [
    [
      'INVBUY',
      [
        transactionHead(fitId),
        secId(cusip),
        ...values({ UNITS: units, UNITPRICE: '5', TOTAL: total, SUBACCTSEC: 'CASH', SUBACCTFUND: 'CASH' }),
      ],
    ],
    ['BUYTYPE', 'BUY'],
  ],
];

/** A file of Larch Custody with one statement of account 1001 as of 31 January 2024, unless told otherwise. */
export const file = (...statements: readonly StatementParts[]): Uint8Array =>
  written(
    document(
      statements.map((parts) => statement({ ...parts, ...(parts.cash ? { cash: [['BALLIST', parts.cash] as Node] } : {}) })),
      Object.entries(NAMES).map(([cusip, name]) => described('STOCKINFO', secId(cusip), name)),
    ),
  );
