import { describe, expect, it } from 'vitest';
import {
  APPLE,
  balance,
  bankTransaction,
  currencyTag,
  MICROSOFT,
  position,
  secId,
  trade,
  values,
  type Node,
} from './ofx-writer.ts';
import { readOne } from './reading.ts';

const invbal = (available: string | null, list: readonly Node[] = [], more: Readonly<Record<string, string>> = {}): Node[] => [
  ...values({ AVAILCASH: available, MARGINBALANCE: '0', SHORTBALANCE: '0', ...more }),
  ...(list.length > 0 ? [['BALLIST', list] as Node] : []),
];
const positions = [
  position('POSSTOCK', secId(APPLE), { UNITS: '10', UNITPRICE: '5', MKTVAL: '50' }),
  position('POSMF', secId(MICROSOFT), { UNITS: '4', UNITPRICE: '25', MKTVAL: '100' }),
];

describe('which figure is the cash', () => {
  const cashOf = (cash: readonly Node[], plan?: readonly Node[]) => readOne({ cash, ...(plan ? { plan } : {}) }).only;

  it('ending cash, when the statement names it', () => {
    const { cash, checks } = cashOf(invbal('1.00', [balance('ENDING CASH', '2.00', 'NUMBER')]));
    expect(cash).toMatchObject([{ currency: 'USD', value: '2', reason: 'ENDING CASH: the cash with which the statement ends' }]);
    expect(checks.find((check) => check.what.endsWith('AVAILCASH'))).toMatchObject({ stated: '1', computed: '2', agrees: false });
  });

  it('else a cash balance, else available cash, else the cash of the plan', () => {
    expect(cashOf(invbal('1.00', [balance('Total cash', '3')])).cash).toMatchObject([{ value: '3' }]);
    expect(cashOf(invbal('1.00')).cash).toMatchObject([
      { value: '1', reason: 'AVAILCASH: available cash, because the statement names no ending cash' },
    ]);
    expect(cashOf([], values({ CASHBAL: '4', TOTAL: '4' })).cash).toMatchObject([
      { value: '4', reason: expect.stringContaining('the cash of the plan') },
    ]);
  });

  it('nothing, when the statement states none', () => {
    expect(readOne({}).only.cash).toEqual([]);
  });

  it('nothing is chosen between contradicting figures of one kind', () => {
    const { cash, rejected } = cashOf(invbal('1', [balance('ENDING CASH', '2'), balance('Ending Cash', '3')]));
    expect(cash).toEqual([]);
    expect(rejected[0]?.reason).toMatch(
      /cash in USD was not taken: the statement gives 2 \(ENDING CASH, line \d+\), 3 \(Ending Cash, line \d+\)\.$/,
    );
  });

  it('one figure per currency, with a warning that one may be the total of all', () => {
    const { cash, warnings } = cashOf(
      invbal('1', [balance('ENDING CASH', '2'), balance('ENDING CASH', '5', 'DOLLAR', [currencyTag('EUR', '1.1')])]),
    );
    expect(cash).toMatchObject([
      { currency: 'USD', value: '2' },
      { currency: 'EUR', value: '5' },
    ]);
    expect(warnings.join()).toContain('Cash is stated in USD, EUR');
  });

  it('margin and short balances are reported, not added', () => {
    const { cash, warnings } = cashOf(invbal('200', [], { MARGINBALANCE: '-50' }));
    expect(cash).toMatchObject([{ value: '200' }]);
    expect(warnings.join()).toContain('MARGINBALANCE -50 USD is stated beside the cash and not added to it');
  });

  it('a figure that cannot be read is rejected, and no lesser figure stands in for it', () => {
    const ending = cashOf(invbal('1.00', [balance('ENDING CASH', '2,000')]));
    expect(ending.cash).toEqual([]);
    expect(ending.rejected).toMatchObject([{ path: 'BAL/VALUE', externalId: 'larch.example:1001|cash:USD' }]);
    const available = cashOf(invbal('n/a'), values({ CASHBAL: '4', TOTAL: '4' }));
    expect(available.cash).toEqual([]);
    expect(available.rejected).toMatchObject([{ path: 'AVAILCASH/AVAILCASH', externalId: 'larch.example:1001|cash:USD' }]);
  });

  it('an unreadable figure of another kind or currency does not stand in the way', () => {
    expect(cashOf(invbal('n/a', [balance('ENDING CASH', '2')])).cash).toMatchObject([{ value: '2' }]);
    expect(cashOf(invbal('1', [balance('STOCK VALUE', '?')])).cash).toMatchObject([{ value: '1' }]);
    expect(cashOf(invbal('1', [balance('ENDING CASH', '?', 'DOLLAR', [currencyTag('EUR', '1.1')])])).cash).toMatchObject([
      { currency: 'USD', value: '1' },
    ]);
  });
});

describe('the statement’s own totals', () => {
  const check = (name: string, value: string, more: readonly Node[] = []) =>
    readOne({ positions, cash: invbal('7.50', [balance(name, value, 'DOLLAR', more)]) }).only.checks.find((c) =>
      c.what.endsWith(name),
    );

  it.each([
    ['STOCK VALUE', '50'], // 10 x 5
    ['MUTUAL FUND VALUE', '100'], // 4 x 25
    ['OPTION VALUE', '0'],
    ['BOND VALUE', '0'],
    ['TOTAL SECURITIES', '150'], // 50 + 100
    ['ACCOUNT VALUE', '157.5'], // 150 + cash 7.50
  ])('%s is compared with the sum of its rows, %s', (name, sum) => {
    expect(check(name, sum)).toMatchObject({ stated: sum, computed: sum, agrees: true });
    expect(check(name, '999')).toMatchObject({ stated: '999', computed: sum, agrees: false });
  });

  it('agrees within one cent and not beyond', () => {
    expect(check('STOCK VALUE', '50.01')).toMatchObject({
      agrees: true,
      note: 'Differs from the sum of 1 position by 0.01: rounding to cents.',
    });
    expect(check('STOCK VALUE', '50.011')).toMatchObject({ agrees: false });
  });

  it('says in words what it does not compare', () => {
    expect(check('GROUP NOTES VALUE', '3')).toMatchObject({
      stated: '3',
      computed: null,
      agrees: null,
      note: expect.stringContaining('not known which rows'),
    });
    expect(check('ACCOUNT VALUE', '3', [currencyTag('EUR', '1.1')])).toMatchObject({
      agrees: null,
      note: expect.stringContaining('stated in EUR'),
    });
  });

  it('leaves percentages out', () => {
    const { checks, balances } = readOne({ cash: invbal('1', [balance('Margin Interest Rate', '7.85', 'PERCENT')]) }).only;
    expect(balances.some((b) => b.percent && b.value === '7.85')).toBe(true);
    expect(checks.some((c) => c.what.includes('Margin Interest Rate'))).toBe(false);
  });

  it('says so when the statement states no total at all', () => {
    const { checks } = readOne({ positions }).only;
    expect(checks.at(-1)).toEqual({
      what: 'Total of the positions',
      stated: null,
      computed: '150',
      agrees: null,
      note: 'The statement states no total of its positions, so their sum has nothing to be checked against.',
    });
  });

  it('names rejected positions that are missing in a sum', () => {
    const bad = position('POSSTOCK', secId(MICROSOFT), { UNITS: 'x' });
    const { checks } = readOne({ positions: [...positions, bad], cash: invbal('0', [balance('STOCK VALUE', '60')]) }).only;
    expect(checks.find((c) => c.what.endsWith('STOCK VALUE'))).toMatchObject({
      computed: '50',
      agrees: false,
      note: 'Differs from the sum of 1 position by 10. 1 rejected position is missing in the sum.',
    });
  });

  it('a total over a currency without a rate is not compared', () => {
    const foreign = position('POSSTOCK', secId(APPLE), {}, [currencyTag('EUR', null)]);
    const { checks } = readOne({ positions: [foreign], cash: invbal('0', [balance('STOCK VALUE', '60')]) }).only;
    expect(checks.find((c) => c.what.endsWith('STOCK VALUE'))).toMatchObject({ computed: null, agrees: null });
  });

  it('rolls opening cash forward to ending cash', () => {
    const transactions = [
      trade('BUYSTOCK', '1', { UNITS: '3', TOTAL: '-31' }),
      bankTransaction('DEP', '100', '2'),
      bankTransaction('INT', '2', '3', [currencyTag('EUR', '1.5')]),
    ];
    // 1,000 - 31 + 100 + 2 x 1.5 = 1,072
    const roll = (ending: string) =>
      readOne({
        transactions,
        cash: invbal(null, [balance('STARTING CASH', '1000'), balance('ENDING CASH', ending)]),
      }).only.checks.find((c) => c.what.endsWith('ENDING CASH'));
    expect(roll('1072')).toMatchObject({ stated: '1072', computed: '1072', agrees: true });
    expect(roll('1069')).toMatchObject({ stated: '1069', computed: '1072', agrees: false });
  });
});

describe('the balances of a retirement plan', () => {
  const plan = values({ CASHBAL: '10', PRETAX: '90', MATCH: '70', TOTAL: '160' });
  const bySource = [
    position('POSMF', secId(APPLE), { UNITS: '9', UNITPRICE: '10', MKTVAL: '90', INV401KSOURCE: 'PRETAX' }),
    position('POSMF', secId(MICROSOFT), { UNITS: '6', UNITPRICE: '10', MKTVAL: '60', INV401KSOURCE: 'MATCH' }),
  ];

  it('compares TOTAL with positions and cash, sources with positions by source, and TOTAL with its sources', () => {
    const { checks } = readOne({ positions: bySource, plan }).only;
    const of = (name: string) => checks.find((c) => c.what.endsWith(name));
    expect(of('TOTAL of the plan')).toMatchObject({ stated: '160', computed: '160', agrees: true }); // 90 + 60 + cash 10
    expect(of('PRETAX of the plan')).toMatchObject({ stated: '90', computed: '90', agrees: true });
    expect(of('MATCH of the plan')).toMatchObject({ stated: '70', computed: '60', agrees: false });
    expect(of('against its sources')).toMatchObject({ stated: '160', computed: '160', agrees: true }); // 90 + 70
  });

  it('does not compare sources when positions name none', () => {
    const { checks } = readOne({ positions, plan }).only;
    expect(checks.find((c) => c.what.endsWith('PRETAX of the plan'))).toMatchObject({ computed: null, agrees: null });
  });
});
