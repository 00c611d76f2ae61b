import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOfx } from '../../../main/connectors/custodian-file/read-ofx.ts';
import { toSourcePage } from '../../../main/connectors/custodian-file/source-page.ts';

const fixture = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'fixtures', name));

describe('a brokerage statement with every kind of position', () => {
  const content = fixture('harbor-elm-brokerage.qfx');
  const file = readOfx(content);
  const page = toSourcePage(file, content);
  const [statement] = file.statements;

  it('is read without loss', () => {
    expect(file).toMatchObject({
      format: 'sgml',
      version: '102',
      institution: { org: 'Harbor Elm Custody', fid: '4410' },
      rejected: [],
    });
    expect(statement).toMatchObject({
      accountExternalId: 'harborelm.example:4410-2201',
      currency: 'USD',
      asOf: '2024-06-28',
      period: { from: '2024-06-01', to: '2024-06-28' },
      rejected: [],
    });
    expect([statement?.positions.length, statement?.transactions.length]).toEqual([7, 9]);
  });

  it('has totals that agree with its own balances', () => {
    const figures = statement?.checks.map(({ what, stated, computed, agrees }) => [
      what.replace(/^Line \d+: /, ''),
      stated,
      computed,
      agrees,
    ]);
    expect(figures).toEqual([
      // The fund: 51.275 x 502.31 = 25,755.94525, stated 25,755.95.
      ['Market values of 7 positions in USD against units x price', '72411.2', '72411.19525', true],
      ['AVAILCASH', '2663.21', '2663.21', true],
      // 20,000 - 6,247.95 + 8,999.75 + 30 + 0 + 1,000 - 12.34 - 75 - 21,031.25
      ['ENDING CASH', '2663.21', '2663.21', true],
      ['STOCK VALUE', '22654', '22654', true], // 25,274.40 + 6,318.60 - 8,939.00
      ['MUTUAL FUND VALUE', '25755.95', '25755.95', true],
      ['BOND VALUE', '21031.25', '21031.25', true], // 25,000 x 84.125 / 100
      ['OPTION VALUE', '1970', '1970', true], // 2 x 9.85 x 100
      ['ACCOUNT VALUE', '75074.41', '75074.41', true], // 72,411.20 + 2,663.21
    ]);
  });

  it('becomes canonical records', () => {
    expect(page.accounts).toEqual([
      {
        externalId: 'harborelm.example:4410-2201',
        name: 'Harbor Elm Custody 4410-2201',
        number: '4410-2201',
        custodian: 'Harbor Elm Custody',
        household: null,
        currency: 'USD',
      },
    ]);
    expect(page.holdings.map((h) => [h.externalId.split('|').slice(1).join('|'), h.quantity, h.price, h.marketValue])).toEqual([
      ['CUSIP:037833100|LONG', '150', '210.62', '31593'], // lots of 120 and 30
      ['CUSIP:594918104|SHORT', '-20', '446.95', '-8939'],
      ['CUSIP:922908363|LONG', '51.275', '502.31', '25755.95'],
      ['CUSIP:912828ZQ6|LONG', '25000', '84.125', '21031.25'],
      ['OCC:MSFT 240719C00450000|LONG', '2', '9.85', '1970'],
      ['CUSIP:123456789|LONG', '1000', '1', '1000'],
      ['cash:USD', '2663.21', '1', '2663.21'],
    ]);
    expect(page.securities.map((s) => [s.externalId, s.type, s.cusip, s.multiplier])).toEqual([
      ['CUSIP:037833100', 'stock', '037833100', '1'],
      ['CUSIP:594918104', 'stock', '594918104', '1'],
      ['CUSIP:922908363', 'fund', '922908363', '1'],
      ['CUSIP:912828ZQ6', 'bond', '912828ZQ6', '0.01'],
      ['OCC:MSFT 240719C00450000', 'option', null, '100'],
      ['CUSIP:123456789', 'other', null, '1'], // fails its check digit
      ['cash:USD', 'cash', null, '1'],
    ]);
    expect(page.transactions.map((t) => [t.externalId.split('|')[1], t.type, t.quantityDelta, t.cashDelta])).toEqual([
      ['2024-06-0001', 'buy', '30', '-6247.95'], // 30 x 208.10 + 4.95
      ['2024-06-0002', 'sell_short', '-20', '8999.75'], // 20 x 450 - 0.25
      ['2024-06-0003', 'dividend', '0', '30'],
      ['2024-06-0004', 'reinvest', '0.11', '0'],
      ['2024-06-0005', 'contribution', '0', '1000'],
      ['2024-06-0006', 'interest', '0', '-12.34'],
      ['2024-06-0007', 'fee', '0', '-75'],
      ['2024-06-0008', 'buy', '25000', '-21031.25'], // 25,000 x 84 / 100 + 31.25 accrued
      ['2024-06-0009', 'transfer_in', '1000', '0'],
    ]);
    expect(page.transactions[4]?.memo).toBe('Deposit & transfer');
    expect(page.quarantined).toEqual([]);
  });

  it('every place leads to the line that says so', () => {
    const lines = new TextDecoder().decode(content).split('\n');
    const at = (place: string): string => lines[Number(/^line (\d+)/.exec(place)?.[1]) - 1]?.trim() ?? '';
    expect(page.holdings.map((h) => at(h.place).slice(0, 11))).toEqual([
      '<POSSTOCK>',
      '<POSSTOCK>',
      '<POSMF>',
      '<POSDEBT>',
      '<POSOPT>',
      '<POSOTHER>',
      '<BAL><NAME>',
    ]);
    expect(page.holdings[0]?.place).toMatch(/^line \d+; line \d+$/);
    expect(page.transactions.map((t) => at(t.place))).toEqual(statement?.transactions.map((t) => `<${t.tag}>`));
  });
});

describe('a retirement plan in XML', () => {
  const content = fixture('larchfield-plan.ofx');
  const file = readOfx(content);

  it('adds up what one fund holds of different contributions, and agrees with the plan’s balances', () => {
    expect(file).toMatchObject({ format: 'xml', version: '211', rejected: [] });
    expect(toSourcePage(file, content).holdings.map((h) => [h.securityExternalId, h.quantity, h.price, h.marketValue])).toEqual([
      ['PLAN:TARGET2045', '150', '12.34', '1851'], // 100 + 50; 1,234 + 617
      ['PLAN:STABLE', '500', '1', '500'],
      ['cash:USD', '0', '1', '0'],
    ]);
    expect(
      file.statements[0]?.checks
        .filter((check) => check.agrees !== null)
        .map(({ stated, computed, agrees }) => [stated, computed, agrees]),
    ).toEqual([
      ['2351', '2351', true], // 1,234 + 617 + 500 against units x price
      ['1734', '1734', true], // PRETAX: 1,234 + 500
      ['617', '617', true], // MATCH
      ['2351', '2351', true], // TOTAL: positions and cash 0
      ['2351', '2351', true], // TOTAL: 1,734 + 617
    ]);
  });

  it('keeps names as written', () => {
    expect(file.securities[0]?.name).toBe('Target 2045 café & tea workers’ fund');
  });
});
