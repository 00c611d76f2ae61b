import { describe, expect, test } from 'vitest';
import { annualised, excess, newestRun } from '../../main/core/returns.ts';
import { cmp, abs, dec, sub } from '../../shared/model/decimal.ts';
import { cumulative, linked } from '../../shared/model/linked-returns.ts';

const list = (...rates: string[]) => rates.map(dec);

describe('linking of returns', () => {
  test('three parts of a month that two cash flows cut give its time-weighted return', () => {
    // 1,012,000 / 1,000,000 - 1; 1,070,000 / 1,062,000 - 1; 1,045,000 / 1,050,000 - 1
    const parts = list('0.012', '0.007532956685', '-0.004761904762');
    // 1.012 x 1.007532956685 x 0.995238095238 - 1 = 0.014768002870
    expect(cmp(abs(sub(linked(parts), dec('0.01476800287'))), dec('0.000000000001'))).toBeLessThanOrEqual(0);
  });

  test('a running total multiplies and does not add', () => {
    // 1.1 x 1.1 = 1.21; 1.21 x 0.5 = 0.605
    expect(cumulative(list('0.1', '0.1', '-0.5'))).toEqual(list('0.1', '0.21', '-0.395'));
    expect(linked([])).toBe('0');
  });

  test('what is lost entirely stays lost', () => {
    expect(cumulative(list('0.2', '-1', '0.5'))).toEqual(list('0.2', '-1', '-1'));
  });
});

describe('annualising', () => {
  test('33.1 % over three years is 10 % a year', () => {
    // 1.1 x 1.1 x 1.1 = 1.331
    expect(annualised(dec('0.331'), 36)).toBe('0.1');
  });

  test('21 % over two years is 10 %, and a loss of 19 % is 10 % a year', () => {
    // 1.1 x 1.1 = 1.21; 0.9 x 0.9 = 0.81
    expect(annualised(dec('0.21'), 24)).toBe('0.1');
    expect(annualised(dec('-0.19'), 24)).toBe('-0.1');
  });

  test('a year is itself, and less than a year is not annualised', () => {
    expect(annualised(dec('0.0712'), 12)).toBe('0.0712');
    expect(annualised(dec('0.0712'), 11)).toBeNull();
    expect(annualised(dec('-1.2'), 24)).toBeNull();
  });
});

test('excess over the benchmark is the plain difference', () => {
  // 2 % less 2.5 %
  expect(excess(dec('0.02'), dec('0.025'))).toBe('-0.005');
});

describe('the newest run of periods', () => {
  const month = (from: string | null, to: string) => ({ from, to, rate: dec('0.01') });

  test('starts behind the last gap, in whatever order the periods come', () => {
    const run = newestRun([
      month('2026-03-31', '2026-04-30'),
      month('2025-12-31', '2026-01-31'),
      month('2026-02-28', '2026-03-31'),
    ]);
    expect(run.map(({ to }) => to)).toEqual(['2026-03-31', '2026-04-30']);
  });

  test('does not reach behind a period whose beginning is not known', () => {
    expect(newestRun([month('2025-12-31', '2026-01-31'), month(null, '2026-02-28')]).map(({ to }) => to)).toEqual(['2026-02-28']);
    expect(newestRun([])).toEqual([]);
  });
});
