import { describe, expect, it } from 'vitest';
import { securityIdFrom } from '../../../main/connectors/custodian-file/security-id.ts';
import { APPLE, described, position, secId, values } from './ofx-writer.ts';
import { readOne } from './reading.ts';

const nothing = { cusip: null, isin: null, sedol: null, figi: null, ticker: null, failsCheckDigit: false };

describe('identifiers', () => {
  it.each([
    ['CUSIP', APPLE, { externalId: 'CUSIP:037833100', cusip: '037833100' }],
    ['cusip', ' 0378 33100 ', { externalId: 'CUSIP:037833100', cusip: '037833100' }],
    ['ISIN', 'US0378331005', { externalId: 'ISIN:US0378331005', isin: 'US0378331005', cusip: '037833100' }],
    ['ISIN', 'GB0002634946', { externalId: 'ISIN:GB0002634946', isin: 'GB0002634946' }],
    ['SEDOL', 'B15KXQ8', { externalId: 'SEDOL:B15KXQ8', sedol: 'B15KXQ8' }],
    ['FIGI', 'BBG000B9XRY4', { externalId: 'FIGI:BBG000B9XRY4', figi: 'BBG000B9XRY4' }],
    ['TICKER', 'AAPL', { externalId: 'TICKER:AAPL', ticker: 'AAPL' }],
    ['PRIVATE', 'Plan: 7|a', { externalId: 'PRIVATE:Plan%3A 7%7Ca' }],
  ])('%s %s', (type, id, expected) => {
    expect(securityIdFrom(type, id)).toMatchObject({ ...nothing, ...expected });
  });

  it.each([
    ['CUSIP', '037833109'],
    ['CUSIP', '111111111'],
    ['CUSIP', '37833100'],
    ['ISIN', 'US0378331003'],
    ['SEDOL', 'B15KXQ7'],
  ])('%s %s fails its check digit: an id of the file, not an identifier', (type, id) => {
    expect(securityIdFrom(type, id)).toMatchObject({ ...nothing, externalId: `${type}:${id}`, failsCheckDigit: true });
  });

  it('a failed check digit is a warning, not a rejected row', () => {
    const { file, only } = readOne({ positions: [position('POSSTOCK', secId('111111111'), {})] }, [
      described('STOCKINFO', secId('111111111'), 'Aspen Works', 'ASPN'),
    ]);
    expect(only.positions).toHaveLength(1);
    expect(only.rejected).toEqual([]);
    expect(file.securities).toMatchObject([{ externalId: 'CUSIP:111111111', name: 'Aspen Works', ticker: 'ASPN', cusip: null }]);
    expect(file.warnings).toEqual([
      expect.stringMatching(/^Line \d+: the identifier fails its check digit.*: CUSIP 111111111\.$/),
    ]);
  });

  it('different ids never join to one external id', () => {
    expect(securityIdFrom('A', 'B:C').externalId).not.toBe(securityIdFrom('A:B', 'C').externalId);
    expect(securityIdFrom('A', '%3A').externalId).not.toBe(securityIdFrom('A', ':').externalId);
  });
});

describe('the list of securities', () => {
  it.each([
    ['STOCKINFO', 'stock'],
    ['MFINFO', 'fund'],
    ['DEBTINFO', 'bond'],
    ['OPTINFO', 'option'],
    ['OTHERINFO', 'other'],
  ])('%s describes a %s', (info, type) => {
    const { file } = readOne({}, [described(info, secId(APPLE), 'Rowan & Sons', 'ROWN')]);
    expect(file.securities).toMatchObject([{ name: 'Rowan & Sons', ticker: 'ROWN', type, currency: 'USD', described: true }]);
  });

  it('a security without a description is named by its id', () => {
    const { file } = readOne({ positions: [position('POSMF', secId('X1', 'PRIVATE'), {})] });
    expect(file.securities).toMatchObject([{ name: 'X1', type: 'fund', described: false }]);
    expect(file.warnings.join()).toContain('does not describe the security, so it has no name: X1');
  });

  it('an id described twice in different ways keeps one name, loses its ticker and says so', () => {
    const { file } = readOne({}, [
      described('MFINFO', secId(APPLE), 'Fir fund', 'FIRX'),
      described('MFINFO', secId(APPLE), 'Fir fund shares', 'FIRY'),
    ]);
    expect(file.securities).toMatchObject([{ name: 'Fir fund', ticker: null }]);
    expect(file.warnings[0]).toContain('described a second time as Fir fund shares (FIRY)');
  });

  it('the same description twice is nothing to report', () => {
    const { file } = readOne({}, [
      described('MFINFO', secId(APPLE), 'Fir fund', 'FIRX'),
      described('MFINFO', secId(APPLE), 'Fir fund', 'FIRX'),
    ]);
    expect(file).toMatchObject({ securities: [{ ticker: 'FIRX' }], warnings: [] });
  });

  it('a description that cannot be read is rejected and kept', () => {
    const { file } = readOne({}, [
      ['STOCKINFO', []],
      ['COININFO', [['SECINFO', [secId(APPLE)]]]],
      described('OPTINFO', secId(APPLE), 'Option', null, values({ SHPERCTRCT: 'many' })),
    ]);
    expect(file.securities).toEqual([]);
    expect(file.rejected.map((row) => row.path)).toEqual(['STOCKINFO/SECINFO', 'COININFO/', 'OPTINFO/SHPERCTRCT']);
  });
});
