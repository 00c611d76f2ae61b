import { describe, expect, it } from 'vitest';
import { APPLE, currencyTag, described, MICROSOFT, position, secId, values, type Node } from './ofx-writer.ts';
import { readOne } from './reading.ts';

const apple = secId(APPLE);
const one = (
  kind: string,
  tags: Readonly<Record<string, string | null>>,
  securities: readonly Node[] = [],
  more: readonly Node[] = [],
) => {
  const { file, only } = readOne({ positions: [position(kind, apple, tags, more)] }, securities);
  return { file, only, row: only.positions[0], security: file.securities[0] };
};

describe('kinds of positions', () => {
  it.each([
    ['POSSTOCK', 'stock'],
    ['POSMF', 'fund'],
    ['POSOTHER', 'other'],
  ])('%s is a %s with value = units x price', (kind, type) => {
    const { row, security } = one(kind, { UNITS: '10', UNITPRICE: '5', MKTVAL: '50' }); // 10 x 5 = 50
    expect(row).toMatchObject({
      kind,
      quantity: '10',
      price: '5',
      marketValue: '50',
      check: { agrees: true, note: '10 x 5 is the stated value.' },
    });
    expect(security).toMatchObject({ type, multiplier: '1', externalId: `CUSIP:${APPLE}`, cusip: APPLE });
  });

  it('POSDEBT is a bond priced per 100 of face', () => {
    const { row, security } = one('POSDEBT', { UNITS: '10000', UNITPRICE: '98.5', MKTVAL: '9850' }); // 10,000 x 98.5 / 100
    expect(security).toMatchObject({ type: 'bond', multiplier: '0.01' });
    expect(row?.check).toMatchObject({ stated: '9850', computed: '9850', agrees: true });
  });

  it('POSDEBT whose market value is units x price takes 1 and says so', () => {
    const { file, security } = one('POSDEBT', { UNITS: '10', UNITPRICE: '985', MKTVAL: '9850' }); // 10 x 985, not 98.50
    expect(security?.multiplier).toBe('1');
    expect(file.warnings.join()).toContain('fit units x price x 1, not the usual x 0.01');
  });

  it('POSDEBT in pieces of par 1,000 takes par / 100', () => {
    const { security } = one('POSDEBT', { UNITS: '10', UNITPRICE: '98.5', MKTVAL: '9850' }, [
      described('DEBTINFO', apple, 'Cedar County 5 % 2030', null, values({ PARVALUE: '1000', DEBTTYPE: 'COUPON' })),
    ]); // 10 x 98.5 x 1000 / 100 = 9850
    expect(security).toMatchObject({ name: 'Cedar County 5 % 2030', multiplier: '10' });
  });

  it('a bond without a fitting market value keeps the usual multiplier and fails its check', () => {
    const { row, security } = one('POSDEBT', { UNITS: '10000', UNITPRICE: '98.5', MKTVAL: '9000' });
    expect(security?.multiplier).toBe('0.01');
    expect(row?.check).toMatchObject({ stated: '9000', computed: '9850', agrees: false });
    expect(row?.check?.note).toBe(
      '10000 x 98.5 x 0.01 differs by 850. Ask the custodian which of units, price and value is right.',
    );
  });

  it('POSOPT takes the shares per contract of OPTINFO', () => {
    const option = described(
      'OPTINFO',
      apple,
      'Maple Jan 50 call',
      'MAPLE',
      values({ OPTTYPE: 'CALL', STRIKEPRICE: '50', DTEXPIRE: '20250117', SHPERCTRCT: '10' }),
    );
    const { row, security } = one('POSOPT', { UNITS: '2', UNITPRICE: '3', MKTVAL: '60' }, [option]); // 2 x 3 x 10
    expect(security).toMatchObject({ type: 'option', multiplier: '10' });
    expect(row?.check?.agrees).toBe(true);
  });

  it('POSOPT without OPTINFO takes 100, and warns when no market value proves it', () => {
    const proven = one('POSOPT', { UNITS: '1', UNITPRICE: '5', MKTVAL: '500' }); // 1 x 5 x 100
    expect(proven.security?.multiplier).toBe('100');
    expect(proven.file.warnings.join()).not.toContain('how many shares');
    const unproven = one('POSOPT', { UNITS: '1', UNITPRICE: '5', MKTVAL: null });
    expect(unproven.security?.multiplier).toBe('100');
    expect(unproven.file.warnings.join()).toContain('the file does not say how many shares a contract covers; 100 is taken');
  });

  it('one multiplier must fit every position of the security', () => {
    const { file } = readOne({
      positions: [
        position('POSDEBT', apple, { UNITS: '10', UNITPRICE: '90', MKTVAL: '900' }), // fits 1
        position('POSDEBT', apple, { UNITS: '1000', UNITPRICE: '90', MKTVAL: '900' }), // fits 0.01
      ],
    });
    expect(file.securities[0]?.multiplier).toBe('0.01');
  });

  it('a convention that fits only some of the positions is not taken', () => {
    const { file } = readOne({
      positions: [
        position('POSDEBT', apple, { UNITS: '10', UNITPRICE: '90', MKTVAL: '900' }), // fits 1
        position('POSDEBT', apple, { UNITS: '1000', UNITPRICE: '90', MKTVAL: '5' }), // fits nothing
      ],
    });
    expect(file.securities[0]?.multiplier).toBe('0.01');
  });

  it('a position worth nothing proves nothing about the multiplier', () => {
    const empty = position('POSDEBT', apple, { UNITS: '0', UNITPRICE: '90', MKTVAL: '0' });
    const { file } = readOne({ positions: [empty, position('POSDEBT', apple, { UNITS: '10', UNITPRICE: '90', MKTVAL: '900' })] });
    expect(file.securities[0]?.multiplier).toBe('1');
    const option = one('POSOPT', { UNITS: '0', MKTVAL: '0' });
    expect(option.file.warnings.join()).toContain('the file does not say how many shares a contract covers; 100 is taken');
  });

  it('SECLIST decides the type where it is specific, the row where it says only "other"', () => {
    expect(one('POSMF', {}, [described('OTHERINFO', apple, 'Elm fund')]).security?.type).toBe('fund');
    const clash = one('POSMF', {}, [described('STOCKINFO', apple, 'Elm')]);
    expect(clash.security?.type).toBe('stock');
    expect(clash.file.warnings.join()).toContain('it is taken as stock');
  });
});

describe('signs of positions', () => {
  it.each([
    ['with signs', '-10', '-50'],
    ['without signs', '10', '50'],
    ['with units signed only', '-10', '50'],
  ])('a short position written %s is negative in quantity and value', (_, UNITS, MKTVAL) => {
    const { row } = one('POSSTOCK', { POSTYPE: 'SHORT', UNITS, MKTVAL }); // -10 x 5 = -50
    expect(row).toMatchObject({
      side: 'SHORT',
      quantity: '-10',
      price: '5',
      marketValue: '-50',
      check: { computed: '-50', agrees: true },
    });
  });

  it.each([
    ['LONG with negative units', { UNITS: '-10' }, 'UNITS', /POSTYPE says LONG but UNITS is -10/],
    ['no POSTYPE', { POSTYPE: null }, 'POSTYPE', /POSTYPE is missing/],
    ['an unknown POSTYPE', { POSTYPE: 'FLAT' }, 'POSTYPE', /neither LONG nor SHORT/],
    ['no UNITS', { UNITS: null }, 'UNITS', /UNITS is missing/],
    ['an unreadable MKTVAL', { MKTVAL: '5O' }, 'MKTVAL', /"5O" is not a number/],
    ['an ambiguous UNITS', { UNITS: '1,234' }, 'UNITS', /thousands or as decimals/],
  ])('%s is rejected with its line, place and text', (_, tags, path, reason) => {
    const { only } = one('POSSTOCK', tags);
    expect(only.positions).toEqual([]);
    expect(only.rejected).toMatchObject([{ tag: 'POSSTOCK', path: `POSSTOCK/${path}`, line: 41 }]);
    expect(only.rejected[0]?.reason).toMatch(/^Line 41: POSSTOCK was not taken: /);
    expect(only.rejected[0]?.reason).toMatch(reason);
    expect(only.rejected[0]?.raw).toMatch(/^<POSSTOCK>[^]*<\/POSSTOCK>$/);
  });

  it('a position whose security cannot be told is rejected, and so is an unknown kind', () => {
    const { only } = readOne({
      positions: [
        position('POSSTOCK', ['SECID', [['UNIQUEID', APPLE]]], {}),
        ['POSSTOCK', [['INVPOS', values({ UNITS: '1' })]]],
        ['POSSTOCK', []],
        position('POSCOIN', apple, {}),
      ],
    });
    expect(only.positions).toEqual([]);
    expect(only.rejected.map(({ reason }) => reason.replace(/^Line \d+: /, ''))).toEqual([
      'POSSTOCK was not taken: UNIQUEIDTYPE is missing.',
      'POSSTOCK was not taken: POSTYPE is missing.',
      'POSSTOCK was not taken: INVPOS is missing.',
      'POSCOIN was not taken: this kind of position is not known.',
    ]);
  });

  it('two different values of one tag are not chosen between', () => {
    const { only } = one('POSSTOCK', {}, [], [['UNITS', '11']]);
    expect(only.rejected[0]?.reason).toContain('UNITS stands twice with different values');
  });
});

describe('market value against units x price', () => {
  it('agrees within one cent and says that rounding explains the rest', () => {
    const { row } = one('POSMF', { UNITS: '142.2', UNITPRICE: '100.42', MKTVAL: '14279.72' }); // 142.2 x 100.42 = 14279.724
    expect(row?.check).toMatchObject({ stated: '14279.72', computed: '14279.724', agrees: true });
    expect(row?.check?.note).toBe('142.2 x 100.42 differs by 0.004, not more than a cent: the value is rounded.');
    // 10 x 5 = 50
    expect(one('POSSTOCK', { MKTVAL: '50.01' }).row?.check?.agrees).toBe(true);
    expect(one('POSSTOCK', { MKTVAL: '50.0101' }).row?.check?.agrees).toBe(false);
  });

  it('does not agree beyond a cent even where a coarse price explains it, and says which', () => {
    // 1,000 x 3.33 = 3330; the true price may be 3.333: 1,000 x 0.005 = 5 is the most rounding can move it.
    const { row } = one('POSSTOCK', { UNITS: '1000', UNITPRICE: '3.33', MKTVAL: '3333' });
    expect(row?.check).toMatchObject({ computed: '3330', agrees: false });
    expect(row?.check?.note).toBe('1000 x 3.33 differs by 3, which rounding of the price to 2 decimals explains.');
  });

  it('the sums stand in one check, with every position that fails beside it', () => {
    const { only } = readOne({
      positions: [
        position('POSSTOCK', apple, { UNITS: '10', UNITPRICE: '5', MKTVAL: '50' }),
        position('POSSTOCK', secId(MICROSOFT), { UNITS: '4', UNITPRICE: '25', MKTVAL: '101' }),
      ],
    });
    // stated 50 + 101 = 151, computed 50 + 100 = 150
    expect(only.checks.slice(0, 2)).toMatchObject([
      { what: 'Market values of 2 positions in USD against units x price', stated: '151', computed: '150', agrees: false },
      { stated: '101', computed: '100', agrees: false },
    ]);
    expect(only.checks[1]?.what).toContain(`CUSIP ${MICROSOFT}`);
  });

  it('a missing price or market value is reported and not computed', () => {
    const noPrice = one('POSSTOCK', { UNITPRICE: null });
    expect(noPrice.row).toMatchObject({ price: null, marketValue: '50', check: null });
    expect(noPrice.only.warnings.join()).toContain('the position has no price');
    const noValue = one('POSSTOCK', { MKTVAL: null });
    expect(noValue.row).toMatchObject({ price: '5', marketValue: null, check: null });
    expect(noValue.only.warnings.join()).toContain('the position has no market value');
  });
});

describe('currencies of positions', () => {
  it('CURRENCY makes the row another currency; the rate is used for totals only', () => {
    const { row } = one('POSSTOCK', {}, [], [currencyTag('EUR', '1.10')]);
    expect(row).toMatchObject({ currency: 'EUR', price: '5', marketValue: '50', totalValue: '55' }); // 50 x 1.10
  });

  it('a market value in the statement currency beside a foreign price is kept for totals only', () => {
    const { row, only } = one('POSSTOCK', { MKTVAL: '55' }, [], [currencyTag('EUR', '1.10')]); // 10 x 5 x 1.10 = 55
    expect(row).toMatchObject({
      currency: 'EUR',
      marketValue: null,
      totalValue: '55',
      check: { stated: '55', computed: '55', agrees: true },
    });
    expect(only.warnings.join()).toContain('the market value is in the currency of the statement');
  });

  it('without a rate there is no total value; ORIGCURRENCY changes nothing', () => {
    expect(one('POSSTOCK', {}, [], [currencyTag('EUR', null)]).row).toMatchObject({ currency: 'EUR', totalValue: null });
    expect(one('POSSTOCK', {}, [], [['ORIGCURRENCY', values({ CURRATE: '2', CURSYM: 'EUR' })]]).row).toMatchObject({
      currency: 'USD',
      totalValue: '50',
    });
  });

  it('CURRENCY that names the statement currency needs no rate', () => {
    expect(one('POSSTOCK', {}, [], [currencyTag('USD', null)]).row).toMatchObject({ currency: 'USD', totalValue: '50' });
  });

  it('an unreadable currency rejects the row', () => {
    expect(one('POSSTOCK', {}, [], [currencyTag('E1', '1')]).only.rejected[0]?.reason).toContain(
      'CURSYM "E1" is not a currency code',
    );
  });
});

describe('what a position says besides', () => {
  it('an average cost is kept but makes no cost basis, because OFX does not say what it is the cost of', () => {
    const { row, only } = one('POSSTOCK', { AVGCOSTBASIS: '4.5' });
    expect(row?.averageCost).toBe('4.5');
    expect(only.warnings.join()).toContain('no cost basis is taken from it');
  });

  it('the date of a price may be unknown', () => {
    expect(one('POSSTOCK', { DTPRICEASOF: '0' }).row?.priceAsOf).toBeNull();
    expect(one('POSSTOCK', {}).row?.priceAsOf).toBe('2024-01-31');
  });

  it('open orders are not holdings, and a statement without a list of positions says nothing about them', () => {
    const { only } = readOne({ positions: null, more: [['INVOOLIST', [['OOBUYSTOCK', []]]]] });
    expect(only.statesPositions).toBe(false);
    expect(only.warnings).toEqual([
      expect.stringContaining('the statement has no list of positions'),
      expect.stringContaining('1 open order is not taken'),
    ]);
  });
});
