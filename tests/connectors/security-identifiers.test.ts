import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cusipCheckDigit, isCusip } from '../../shared/model/identifiers.ts';
import { readIdentifiers } from '../../main/connectors/security-identifiers.ts';

describe('identifiers of a security as sent', () => {
  it('normalises and keeps those whose check digit holds', () => {
    const read = readIdentifiers({
      ticker: ' aapl ',
      cusip: ' 037833100',
      isin: 'us 0378331005',
      sedol: '2046251',
      figi: 'BBG000B9XRY4',
    });
    expect(read).toEqual({
      identifiers: { ticker: 'AAPL', cusip: '037833100', isin: 'US0378331005', sedol: '2046251', figi: 'BBG000B9XRY4' },
      failed: null,
      repaired: null,
    });
  });

  it('drops one that fails its check digit and speaks up only when nothing else identifies the security', () => {
    expect(readIdentifiers({ cusip: '037833109', ticker: 'AAPL' })).toMatchObject({
      identifiers: { cusip: null, ticker: 'AAPL' },
      failed: null,
    });
    expect(readIdentifiers({ cusip: '037833109' }).failed).toEqual({
      kind: 'cusip',
      reason: 'The CUSIP “037833109” fails its check digit and the security has no other identifier.',
    });
  });

  it('treats masked and blank identifiers as absent, silently', () => {
    for (const cusip of ['*****3100', 'XXXXX3100', 'xxx833100', '03783****', '', '  ', null, undefined]) {
      expect(readIdentifiers({ cusip })).toMatchObject({ identifiers: { cusip: null }, failed: null, repaired: null });
    }
  });

  it('keeps a private-placement CUSIP, which holds a star by right', () => {
    const cusip = `00206R*A${cusipCheckDigit('00206R*A')}`;
    expect(readIdentifiers({ cusip }).identifiers.cusip).toBe(cusip);
  });

  it('puts lost leading zeros back only where the check digit then holds', () => {
    expect(readIdentifiers({ cusip: '37833100' })).toMatchObject({
      identifiers: { cusip: '037833100' },
      repaired: { from: '37833100', to: '037833100' },
    });
    const twoLost = `0012345${'6'}`;
    const whole = `${twoLost}${cusipCheckDigit(twoLost)}`;
    expect(readIdentifiers({ cusip: whole.slice(2) }).identifiers.cusip).toBe(whole);
    expect(readIdentifiers({ cusip: '37833101' })).toMatchObject({ identifiers: { cusip: null }, repaired: null });
    // Six characters are never padded: three lost zeros are no spreadsheet damage.
    expect(readIdentifiers({ cusip: '833100' }).repaired).toBeNull();
  });

  it('never returns a CUSIP whose check digit fails', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z*xX ]{0,11}$/), (cusip) => {
        const kept = readIdentifiers({ cusip }).identifiers.cusip;
        expect(kept === null || isCusip(kept)).toBe(true);
      }),
    );
  });
});
