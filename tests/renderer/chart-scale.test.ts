import { describe, expect, it } from 'vitest';
import { chartScale, percentDigits, pixelsDown } from '../../renderer/components/chart-scale.ts';
import { dec } from '../../shared/model/decimal.ts';

const list = (...values: string[]) => values.map(dec);

describe('the scale of a chart', () => {
  it('holds all values and zero between marks at round steps', () => {
    // From -3 % to 18 % are 21 %: five spans of 5 % are enough, five of 2 % are not.
    expect(chartScale(list('0.18', '-0.03', '0.07'))).toEqual({
      low: '-0.05',
      high: '0.2',
      step: '0.05',
      ticks: list('-0.05', '0', '0.05', '0.1', '0.15', '0.2'),
    });
  });

  it('marks small values finely and says how many digits the marks need', () => {
    const scale = chartScale(list('0.004'));
    expect([scale.ticks.at(-1), percentDigits(scale)]).toEqual(['0.004', 1]);
    expect(percentDigits(chartScale(list('0.3')))).toBe(0);
    expect(percentDigits(chartScale(list('0.0003')))).toBe(2);
  });

  it('has two marks even where everything is zero', () => {
    expect(chartScale(list('0')).ticks).toEqual(list('0', '0.0001'));
    expect(chartScale([]).ticks).toHaveLength(2);
  });

  it('puts the highest mark at the top, the lowest at the bottom, and everything else in proportion', () => {
    const scale = chartScale(list('0.18', '-0.03'));
    // (0.2 - v) x 100 / 0.25
    expect(['0.2', '-0.05', '0', '0.125'].map((value) => pixelsDown(scale, dec(value), 100))).toEqual(
      list('0', '100', '80', '30'),
    );
  });
});
