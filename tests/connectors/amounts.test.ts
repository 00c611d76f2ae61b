import { describe, expect, it } from 'vitest';
import { dec } from '../../shared/model/decimal.ts';
import { canonicalAmounts, type SentAmounts } from '../../main/connectors/amounts.ts';
import { createInstantReader } from '../../main/connectors/instants.ts';

const sent = (
  quantity: string | null,
  price: string | null,
  marketValue: string | null,
  costBasis: string | null = null,
): SentAmounts => ({
  quantity: quantity === null ? null : dec(quantity),
  price: price === null ? null : dec(price),
  marketValue: marketValue === null ? null : dec(marketValue),
  costBasis: costBasis === null ? null : dec(costBasis),
});
const signed = { marketValue: 'signed' } as const;
const magnitude = { marketValue: 'magnitude' } as const;

describe('canonical amounts', () => {
  it('leaves a signed source as it is, shorts and derivatives included', () => {
    for (const amounts of [
      sent('100', '152.5', '15250', '9800'),
      sent('-100', '50', '-5000'),
      sent('1', '-3', '-3'),
      sent('10', null, null),
    ]) {
      expect(canonicalAmounts('stock', amounts, signed)).toEqual(amounts);
    }
  });

  it('gives a magnitude the sign of the quantity', () => {
    expect(canonicalAmounts('stock', sent('-100', '50', '5000'), magnitude)).toMatchObject({
      quantity: '-100',
      marketValue: '-5000',
    });
    expect(canonicalAmounts('stock', sent('-100', '50', '-5000'), magnitude)).toMatchObject({ marketValue: '-5000' });
    expect(canonicalAmounts('stock', sent('100', '50', '5000'), magnitude)).toMatchObject({ marketValue: '5000' });
  });

  it('refuses a long position of negative value where values are magnitudes', () => {
    expect(canonicalAmounts('stock', sent('100', '50', '-5000'), magnitude)).toEqual({
      reason: 'contradicts the sign of the quantity',
      field: 'marketValue',
    });
  });

  it('holds cash as its value at price 1, a margin debit as negative cash', () => {
    expect(canonicalAmounts('cash', sent('0', null, '50.25'), signed)).toMatchObject({
      quantity: '50.25',
      price: '1',
      marketValue: '50.25',
    });
    expect(canonicalAmounts('cash', sent('75', '1', null), signed)).toMatchObject({
      quantity: '75',
      price: '1',
      marketValue: '75',
    });
    expect(canonicalAmounts('cash', sent('-75', '1', '75'), magnitude)).toMatchObject({ quantity: '-75', marketValue: '-75' });
    expect(canonicalAmounts('cash', sent(null, '1', null), signed)).toMatchObject({ field: 'quantity' });
  });

  it('does not invent a quantity', () => {
    expect(canonicalAmounts('fund', sent(null, '10', '100'), signed)).toEqual({ reason: 'is missing', field: 'quantity' });
  });
});

describe('instants of a source', () => {
  it('become UTC with milliseconds, by the offset in the text or else the declared one', () => {
    const utc = createInstantReader('Z');
    expect([
      utc('2025-06-30T04:10:00'),
      utc('2025-06-30T04:10:00Z'),
      utc('2025-06-30T04:10:00.5'),
      utc('2025-06-30T04:10:00-06:00'),
    ]).toEqual(['2025-06-30T04:10:00.000Z', '2025-06-30T04:10:00.000Z', '2025-06-30T04:10:00.500Z', '2025-06-30T10:10:00.000Z']);
    expect(createInstantReader('-06:00')('2025-06-30T23:10:00')).toBe('2025-07-01T05:10:00.000Z');
  });

  it('are null for "never", for dates that do not exist and for other text', () => {
    const utc = createInstantReader('Z');
    for (const text of [
      '0001-01-01T00:00:00-06:00',
      '2025-02-30T00:00:00',
      '2025-06-30T25:00:00',
      '2025-06-30',
      '06/30/2025',
      '',
    ])
      expect(utc(text)).toBeNull();
  });
});
