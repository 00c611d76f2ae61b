import { describe, expect, it } from 'vitest';
import { APPLE, bankTransaction, currencyTag, secId, trade, transactionHead, values, type Node } from './ofx-writer.ts';
import { readOne, readTransaction } from './reading.ts';

const row = (tag: string, tags: Readonly<Record<string, string | null>>, more: readonly Node[] = []): Node => [
  tag,
  [transactionHead('1'), secId(APPLE), ...values(tags), ...more],
];
const reasonOf = (node: Node): string | undefined => readTransaction(node).only.rejected[0]?.reason;

describe('purchases and sales', () => {
  it.each(['BUYSTOCK', 'BUYMF', 'BUYDEBT', 'BUYOPT', 'BUYOTHER'])('%s brings units and takes cash', (tag) => {
    // 10 units at 10 with 5 commission: cash -(100 + 5) = -105
    const { row: read } = readTransaction(trade(tag, '1', { UNITS: '10', COMMISSION: '5', TOTAL: '-105' }));
    expect(read).toMatchObject({
      type: 'buy',
      quantityDelta: '10',
      cashDelta: '-105',
      price: '10',
      tradeDate: '2024-01-15',
      settleDate: '2024-01-17',
      securityExternalId: `CUSIP:${APPLE}`,
      currency: 'USD',
      flags: [],
    });
  });

  it.each(['SELLSTOCK', 'SELLMF', 'SELLDEBT', 'SELLOPT', 'SELLOTHER'])('%s takes units and brings cash', (tag) => {
    // 10 units at 10 less 5 commission: cash 100 - 5 = 95
    expect(readTransaction(trade(tag, '1', { UNITS: '-10', COMMISSION: '5', TOTAL: '95' })).row).toMatchObject({
      type: 'sell',
      quantityDelta: '-10',
      cashDelta: '95',
      flags: [],
    });
  });

  it.each([
    ['BUYSTOCK', 'BUYTYPE', 'BUYTOCOVER', '5', '-50', 'buy_to_cover'],
    ['BUYOPT', 'OPTBUYTYPE', 'BUYTOCLOSE', '5', '-50', 'buy_to_cover'],
    ['BUYOPT', 'OPTBUYTYPE', 'BUYTOOPEN', '5', '-50', 'buy'],
    ['SELLSTOCK', 'SELLTYPE', 'SELLSHORT', '-5', '50', 'sell_short'],
    ['SELLOPT', 'OPTSELLTYPE', 'SELLTOOPEN', '-5', '50', 'sell_short'],
    ['SELLOPT', 'OPTSELLTYPE', 'SELLTOCLOSE', '-5', '50', 'sell'],
    ['SELLDEBT', 'SELLREASON', 'MATURITY', '-5', '50', 'sell'],
  ])('%s with %s %s', (tag, detail, value, UNITS, TOTAL, type) => {
    expect(readTransaction(trade(tag, '1', { UNITS, TOTAL }, [[detail, value]])).row).toMatchObject({
      type,
      quantityDelta: UNITS,
      cashDelta: TOTAL,
    });
  });

  it.each([
    ['BUYSTOCK', '-10', '100'],
    ['SELLSTOCK', '10', '-95'],
  ])('%s with both signs turned round is a trade taken back', (tag, UNITS, TOTAL) => {
    expect(readTransaction(trade(tag, '1', { UNITS, TOTAL })).row).toMatchObject({
      type: 'cancel',
      quantityDelta: UNITS,
      cashDelta: TOTAL,
      flags: [expect.stringContaining('taken back')],
    });
  });

  it('a minus left away is put back where only one reading is possible, and flagged', () => {
    expect(readTransaction(trade('BUYSTOCK', '1', { UNITS: '10', TOTAL: '105' })).row).toMatchObject({
      type: 'buy',
      quantityDelta: '10',
      cashDelta: '-105',
      flags: [expect.stringContaining('without its minus')],
    });
    expect(readTransaction(trade('SELLSTOCK', '1', { UNITS: '10', TOTAL: '95' })).row).toMatchObject({
      type: 'sell',
      quantityDelta: '-10',
      cashDelta: '95',
      flags: [expect.stringContaining('without their minus')],
    });
  });

  it('a sale may cost cash when its costs exceed the proceeds', () => {
    // 1 unit at 0.01 less 5 commission: 0.01 - 5 = -4.99
    expect(
      readTransaction(trade('SELLSTOCK', '1', { UNITS: '-1', UNITPRICE: '0.01', COMMISSION: '5', TOTAL: '-4.99' })).row,
    ).toMatchObject({
      type: 'sell',
      quantityDelta: '-1',
      cashDelta: '-4.99',
      flags: [expect.stringContaining('costs above the proceeds')],
    });
  });

  it.each([
    ['BUYSTOCK', { UNITS: '-10', TOTAL: '-100' }, /same sign/],
    ['SELLSTOCK', { UNITS: '-10', TOTAL: '-100' }, /same sign/],
    ['BUYSTOCK', { UNITS: '10' }, /TOTAL is missing/],
    ['BUYSTOCK', { TOTAL: '-100' }, /UNITS is missing/],
    ['BUYSTOCK', { UNITS: 'ten', TOTAL: '-100' }, /"ten" is not a number/],
  ])('%s %j is rejected, not guessed', (tag, tags, reason) => {
    const { row: read, only } = readTransaction(trade(tag, '1', tags));
    expect(read).toBeUndefined();
    expect(only.rejected[0]?.reason).toMatch(reason);
  });

  it('needs its security', () => {
    expect(reasonOf(['BUYSTOCK', [['INVBUY', [transactionHead('1'), ...values({ UNITS: '1', TOTAL: '-1' })]]]])).toContain(
      'SECID is missing',
    );
  });
});

describe('income and cash', () => {
  it.each([
    ['DIV', 'dividend'],
    ['INTEREST', 'interest'],
    ['CGLONG', 'capital_gain_distribution'],
    ['CGSHORT', 'capital_gain_distribution'],
  ])('INCOME %s is %s: cash in, no units', (INCOMETYPE, type) => {
    expect(readTransaction(row('INCOME', { INCOMETYPE, TOTAL: '12.50' })).row).toMatchObject({
      type,
      quantityDelta: '0',
      cashDelta: '12.5',
      flags: [],
    });
  });

  it('INCOME of an open kind keeps its amount and is flagged; negative income is taken back', () => {
    expect(readTransaction(row('INCOME', { INCOMETYPE: 'MISC', TOTAL: '3' })).row).toMatchObject({
      type: 'other:MISC',
      cashDelta: '3',
      flags: [expect.stringContaining('MISC')],
    });
    expect(readTransaction(row('INCOME', { INCOMETYPE: 'DIV', TOTAL: '-3' })).row).toMatchObject({
      type: 'dividend',
      cashDelta: '-3',
      flags: [expect.stringContaining('taken back')],
    });
  });

  it('REINVEST brings units and leaves cash alone, whatever its total says', () => {
    expect(
      readTransaction(row('REINVEST', { INCOMETYPE: 'DIV', TOTAL: '-12.50', UNITS: '0.25', UNITPRICE: '50' })).row,
    ).toMatchObject({
      type: 'reinvest',
      quantityDelta: '0.25',
      cashDelta: '0',
      statedTotal: '-12.5',
      price: '50',
    });
    expect(readTransaction(row('REINVEST', { TOTAL: '12.50', UNITS: '-0.25' })).row).toMatchObject({
      type: 'cancel',
      quantityDelta: '-0.25',
      cashDelta: '0',
    });
  });

  it('an income row beside the reinvestment of the same amount is reported', () => {
    const { only } = readOne({
      transactions: [row('INCOME', { INCOMETYPE: 'DIV', TOTAL: '12.50' }), row('REINVEST', { TOTAL: '-12.50', UNITS: '0.25' })],
    });
    expect(only.warnings.join()).toContain('the same income stands as a row of its own beside a reinvestment');
  });

  it('RETOFCAP brings cash, INVEXPENSE and MARGININTEREST take it', () => {
    expect(readTransaction(row('RETOFCAP', { TOTAL: '40' })).row).toMatchObject({
      type: 'return_of_capital',
      quantityDelta: '0',
      cashDelta: '40',
      flags: [],
    });
    expect(readTransaction(row('INVEXPENSE', { TOTAL: '-15' })).row).toMatchObject({ type: 'fee', cashDelta: '-15', flags: [] });
    const margin: Node = ['MARGININTEREST', [transactionHead('1'), ...values({ TOTAL: '-3.2', SUBACCTFUND: 'MARGIN' })]];
    expect(readTransaction(margin).row).toMatchObject({
      type: 'interest',
      cashDelta: '-3.2',
      securityExternalId: null,
      flags: [],
    });
    expect(readTransaction(row('INVEXPENSE', { TOTAL: '15' })).row).toMatchObject({
      cashDelta: '15',
      flags: [expect.stringContaining('against its usual way')],
    });
  });

  it.each([
    ['INT', '1', 'interest'],
    ['DIV', '1', 'dividend'],
    ['FEE', '-1', 'fee'],
    ['SRVCHG', '-1', 'fee'],
    ['DEP', '1', 'contribution'],
    ['DIRECTDEP', '1', 'contribution'],
    ['CHECK', '-1', 'withdrawal'],
    ['DIRECTDEBIT', '-1', 'withdrawal'],
    ['XFER', '-1', 'journal'],
  ])('INVBANKTRAN %s of %s is %s', (kind, amount, type) => {
    expect(readTransaction(bankTransaction(kind, amount)).row).toMatchObject({
      tag: 'INVBANKTRAN',
      type,
      cashDelta: amount,
      quantityDelta: '0',
      tradeDate: '2024-01-16',
      memo: 'Cash movement',
      flags: [],
    });
  });

  it.each([
    ['CREDIT', '1'],
    ['DEBIT', '-1'],
    ['OTHER', '1'],
  ])('INVBANKTRAN %s keeps its amount and leaves the reason open', (kind, amount) => {
    expect(readTransaction(bankTransaction(kind, amount)).row).toMatchObject({
      type: `other:${kind}`,
      cashDelta: amount,
      flags: [expect.stringContaining('does not say why')],
    });
  });

  it('a bank row whose kind and sign contradict each other is rejected', () => {
    expect(reasonOf(bankTransaction('DEBIT', '5'))).toContain('TRNTYPE DEBIT and TRNAMT 5 contradict each other');
    expect(reasonOf(bankTransaction('DEP', '-5'))).toContain('contradict each other');
  });

  it('amounts under CURRENCY are in that currency', () => {
    expect(readTransaction(bankTransaction('INT', '3.35', '1', [currencyTag('EUR', '1.06')])).row).toMatchObject({
      cashDelta: '3.35',
      currency: 'EUR',
      rate: '1.06',
    });
  });
});

describe('units without cash', () => {
  it.each([
    ['IN', 'LONG', '6.8', '6.8', 'transfer_in'],
    ['OUT', 'LONG', '-9.06', '-9.06', 'transfer_out'],
    ['OUT', 'LONG', '9.06', '-9.06', 'transfer_out'],
    ['IN', 'SHORT', '5', '-5', 'transfer_in'],
    ['IN', 'SHORT', '-5', '-5', 'transfer_in'],
    ['OUT', 'SHORT', '5', '5', 'transfer_out'],
    ['IN', 'LONG', '0', '0', 'transfer_in'],
  ])('TRANSFER %s of a %s position of %s units moves %s', (TFERACTION, POSTYPE, UNITS, quantityDelta, type) => {
    expect(readTransaction(row('TRANSFER', { UNITS, TFERACTION, POSTYPE })).row).toMatchObject({
      type,
      quantityDelta,
      cashDelta: '0',
    });
  });

  it('TRANSFER without a direction, or against it, is rejected', () => {
    expect(reasonOf(row('TRANSFER', { UNITS: '5', POSTYPE: 'LONG' }))).toContain('TFERACTION is missing');
    expect(reasonOf(row('TRANSFER', { UNITS: '-5', TFERACTION: 'IN', POSTYPE: 'LONG' }))).toContain(
      'not clear which way the units went',
    );
  });

  it('SPLIT moves the difference of units and the cash for fractions', () => {
    // 100 units, 3 for 2: 150 - 100 = 50
    expect(
      readTransaction(row('SPLIT', { OLDUNITS: '100', NEWUNITS: '150', NUMERATOR: '3', DENOMINATOR: '2', FRACCASH: '1.5' })).row,
    ).toMatchObject({
      type: 'split',
      quantityDelta: '50',
      cashDelta: '1.5',
      memo: '3 for 2',
      flags: [],
    });
    expect(
      readTransaction(row('SPLIT', { OLDUNITS: '100', NEWUNITS: '50', NUMERATOR: '3', DENOMINATOR: '2' })).row?.flags,
    ).toEqual([expect.stringContaining('do not fit the ratio')]);
    expect(reasonOf(row('SPLIT', { NUMERATOR: '3', DENOMINATOR: '2' }))).toContain('OLDUNITS is missing');
  });

  it('JRNLFUND and JRNLSEC stay inside the account: nothing moves, the memo says what was booked', () => {
    const fund: Node = [
      'JRNLFUND',
      [transactionHead('1'), ...values({ SUBACCTFROM: 'CASH', SUBACCTTO: 'MARGIN', TOTAL: '500' })],
    ];
    expect(readTransaction(fund).row).toMatchObject({
      type: 'journal',
      quantityDelta: '0',
      cashDelta: '0',
      statedTotal: '500',
      memo: '500 from CASH to MARGIN',
    });
    expect(readTransaction(row('JRNLSEC', { SUBACCTFROM: 'CASH', SUBACCTTO: 'SHORT', UNITS: '7' })).row).toMatchObject({
      type: 'journal',
      quantityDelta: '0',
      memo: '7 units from CASH to SHORT',
    });
  });

  it.each([
    ['ASSIGN', '2', '2', 'assignment'],
    ['ASSIGN', '-2', '2', 'assignment'],
    ['EXERCISE', '2', '-2', 'exercise'],
    ['EXPIRE', '-2', '-2', 'expire'],
  ])('CLOSUREOPT %s of %s contracts moves %s', (OPTACTION, UNITS, quantityDelta, type) => {
    expect(readTransaction(row('CLOSUREOPT', { OPTACTION, UNITS, SHPERCTRCT: '100', SUBACCTSEC: 'CASH' })).row).toMatchObject({
      type,
      quantityDelta,
      cashDelta: '0',
      flags: [],
    });
  });

  it('an expiry with positive units is a short contract that ended, flagged unless the sub-account says so', () => {
    const expired = (SUBACCTSEC: string) =>
      readTransaction(row('CLOSUREOPT', { OPTACTION: 'EXPIRE', UNITS: '2', SUBACCTSEC })).row;
    expect(expired('SHORT')).toMatchObject({ quantityDelta: '2', flags: [] });
    expect(expired('CASH')).toMatchObject({ quantityDelta: '2', flags: [expect.stringContaining('short contracts')] });
    expect(reasonOf(row('CLOSUREOPT', { OPTACTION: 'LAPSE', UNITS: '2' }))).toContain('OPTACTION "LAPSE" is not known');
  });
});

describe('rows out of the ordinary', () => {
  it('an unknown kind is kept with its units and total, and flagged', () => {
    expect(readTransaction(row('SPINOFF', { UNITS: '4', TOTAL: '-1' })).row).toMatchObject({
      type: 'other:SPINOFF',
      quantityDelta: '4',
      cashDelta: '-1',
      securityExternalId: `CUSIP:${APPLE}`,
      flags: [expect.stringContaining('not a known kind')],
    });
  });

  it('a stray value in the list is kept as a rejected row', () => {
    expect(reasonOf(['NOTE', 'hello'])).toContain('NOTE was not taken: this is a single value');
  });

  it.each([
    [{ DTTRADE: '20240230' }, 'DTTRADE "20240230" is not a date'],
    [{ DTTRADE: null }, 'DTTRADE is missing'],
    [{ DTSETTLE: 'soon' }, 'DTSETTLE "soon" is not a date'],
  ])('a row with %j is rejected', (tags, reason) => {
    const { row: read, only } = readTransaction([
      'INCOME',
      [transactionHead('1', tags), secId(APPLE), ...values({ INCOMETYPE: 'DIV', TOTAL: '1' })],
    ]);
    expect(read).toBeUndefined();
    expect(only.rejected[0]?.reason).toContain(reason);
  });

  it('says that a row reverses or corrects another one', () => {
    const reversal: Node = [
      'INCOME',
      [transactionHead('2', { REVERSALFITID: '1' }), secId(APPLE), ...values({ INCOMETYPE: 'DIV', TOTAL: '-1' })],
    ];
    expect(readTransaction(reversal).row?.flags).toContain(
      'The row says that it reverses an earlier one; the earlier row is not changed by it.',
    );
    expect(readTransaction(bankTransaction('INT', '1', '2', [['CORRECTFITID', '1']])).row?.flags.join()).toContain(
      'corrects an earlier one',
    );
  });

  it('remarks are one warning per kind with the number of rows', () => {
    const { only } = readOne({
      transactions: [
        bankTransaction('DEBIT', '-1', '1'),
        bankTransaction('DEBIT', '-2', '2'),
        bankTransaction('DEBIT', '-3', '3'),
      ],
    });
    expect(only.warnings).toEqual([expect.stringMatching(/^Line \d+ and 2 more: TRNTYPE DEBIT does not say why/)]);
  });
});
