import { plainText, type Fixed } from '../firm/fixed.ts';

/** A number the way a Java double prints: 100.0, 15250.25, and 4.37E8 from ten million on or below a thousandth. Every digit is kept. */
export function javaNumber(amount: Fixed): string {
  const text = plainText(amount);
  const negative = text.startsWith('-');
  const unsigned = negative ? text.slice(1) : text;
  const [whole = '0', fraction = ''] = unsigned.split('.');
  const sign = negative ? '-' : '';
  if (whole.length > 7) {
    const mantissa = (whole.slice(1) + fraction).replace(/0+$/, '');
    return `${sign}${whole[0]}.${mantissa || '0'}E${whole.length - 1}`;
  }
  const leadingZeros = /^0*/.exec(fraction)?.[0].length ?? 0;
  if (whole === '0' && fraction !== '' && leadingZeros >= 3) {
    const digits = fraction.slice(leadingZeros);
    return `${sign}${digits[0]}.${digits.slice(1) || '0'}E-${leadingZeros + 1}`;
  }
  return `${sign}${whole}.${fraction || '0'}`;
}
