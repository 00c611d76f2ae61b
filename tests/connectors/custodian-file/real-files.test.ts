import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOfx } from '../../../main/connectors/custodian-file/read-ofx.ts';
import { toSourcePage } from '../../../main/connectors/custodian-file/source-page.ts';
import type { OfxStatement } from '../../../main/connectors/custodian-file/statement.ts';

const folder = resolve(import.meta.dirname, '../../../../shared/data/ofx');
const figures = (statement: OfxStatement | undefined) =>
  statement?.checks.map(({ what, stated, computed, agrees }) => [what.replace(/^Line \d+: /, ''), stated, computed, agrees]);

/** Statements that custodians really sent; skipped where the sample files are not beside the project. */
describe.skipIf(!existsSync(folder))('statements of real custodians', () => {
  const read = (name: string) => {
    const content = readFileSync(resolve(folder, name));
    const file = readOfx(content);
    return { file, statement: file.statements[0], page: toSourcePage(file, content) };
  };

  it('a retirement plan: its TOTAL does not agree with its positions, and the check says by how much', () => {
    const { statement, page } = read('investment_401k.ofx');
    expect(statement).toMatchObject({
      accountExternalId: 'example.org:12345678.123456-01',
      asOf: '2014-06-30',
      currency: 'USD',
      rejected: [],
      warnings: [],
    });
    // 396.40 + 395.89 + 0 = 792.29; 1,000.00 - 792.29 = 207.71
    expect(figures(statement)).toEqual([
      ['Market values of 3 positions in USD against units x price', '792.29', '792.290011266297', true],
      ['TOTAL of the plan', '1000', '792.29', false],
    ]);
    expect(statement?.checks[1]?.note).toBe(
      'Differs from the sum of 3 positions by 207.71. The statement states no cash; the difference may be cash or positions it does not list.',
    );
    expect(page.transactions.map((t) => [t.type, t.quantityDelta, t.cashDelta])).toEqual([
      ['buy', '8.846699', '-197.2'],
      ['transfer_in', '6.800992', '0'],
      ['transfer_out', '-9.060702', '0'],
    ]);
    expect(page.securities.map((s) => [s.externalId, s.type, s.ticker])).toEqual([
      ['PRIVATE:BAR', 'fund', 'BAR'],
      ['PRIVATE:FOO', 'fund', 'FOO'],
      ['PRIVATE:BAZ', 'fund', 'BAZ'],
    ]);
  });

  it('a brokerage statement of cash only: ending cash is taken, foreign amounts keep their currency', () => {
    const { statement, page } = read('investment_medium.ofx');
    expect(statement).toMatchObject({
      accountExternalId: '404:ABC123',
      asOf: '2009-12-15',
      currency: 'CAD',
      statesPositions: false,
      rejected: [],
    });
    expect(page.holdings).toMatchObject([
      { externalId: '404:ABC123|cash:CAD', quantity: '2', price: '1', marketValue: '2', place: 'line 90' },
    ]);
    expect(page.transactions.map((t) => [t.type, t.cashDelta, t.currency])).toEqual([
      ['other:DEBIT', '-3.65', 'USD'],
      ['other:CREDIT', '3.35', 'USD'],
      ['other:DEBIT', '-3.65', 'USD'],
    ]);
    expect(figures(statement)).toEqual([
      ['AVAILCASH', '1', '2', false],
      ['ENDING CASH', '2', null, null],
      ['STOCK VALUE', '0', '0', true],
      ['OPTION VALUE', '0', '0', true],
      ['IBGROUPNOTES VALUE', '0', null, null],
    ]);
  });

  it('a statement in one line: redacted CUSIPs are warnings, and no total is stated', () => {
    const { file, statement, page } = read('tiaacref.ofx');
    expect(statement).toMatchObject({ accountId: '111A1111 22B222 33C333', asOf: '2017-03-08', rejected: [] });
    expect(page.holdings).toHaveLength(7); // six positions and cash
    expect(page.securities.filter((s) => s.type !== 'cash').every((s) => s.cusip === null)).toBe(true);
    expect(file.warnings[0]).toContain('the identifier fails its check digit');
    // 13.0763 + 25.5785 + 109.3512 + 4,187.6423 + 543.71 + 20 = 4,899.3583
    expect(figures(statement)).toEqual([
      ['Market values of 6 positions in USD against units x price', '4899.3583', '4899.35832387', true],
      ['AVAILCASH', '0', null, null],
      ['Total of the positions', null, '4899.3583', null],
    ]);
    expect(new Set(page.holdings.map((h) => h.place)).size).toBe(7);
  });

  it('a statement with one id for two funds: added up, without a price nobody stated', () => {
    const { file, statement, page } = read('vanguard.ofx');
    expect(statement).toMatchObject({
      accountExternalId: 'vanguard.com:01234567890',
      asOf: '2011-07-27',
      cash: [],
      rejected: [],
    });
    // 102 + 142.2 = 244.2; 10,200 + 14,279.72 = 24,479.72; prices 100 and 100.42
    expect(page.holdings).toMatchObject([
      { quantity: '244.2', price: null, marketValue: '24479.72', place: 'line 11, column 879; line 11, column 1143' },
    ]);
    expect(page.transactions).toMatchObject([{ type: 'sell', quantityDelta: '-42.123', cashDelta: '4212.3' }]);
    expect(figures(statement)).toEqual([
      ['Market values of 2 positions in USD against units x price', '24479.72', '24479.724', true], // 142.2 x 100.42 = 14,279.724
      ['Total of the positions', null, '24479.72', null],
    ]);
    expect(file.warnings[0]).toContain('described a second time as Name of share (VFIAX)');
    expect(file.securities[0]?.ticker).toBeNull();
  });
});
