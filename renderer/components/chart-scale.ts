import { add, cmp, dec, div, mul, sub, ZERO, type Dec } from '../../shared/model/decimal.ts';

/** The values an axis spans, and where it is marked: exact, so that a mark says what it stands for. */
export interface ChartScale {
  readonly low: Dec;
  readonly high: Dec;
  readonly step: Dec;
  readonly ticks: readonly Dec[];
}

const STEPS: readonly Dec[] = ['0.0001', '0.001', '0.01', '0.1', '1', '10'].flatMap((unit) =>
  ['1', '2', '5'].map((times) => mul(dec(unit), dec(times))),
);
const LARGEST = dec('100');
/** Spans between marks. */
const MOST_SPANS = dec('5');

/** An axis that holds all values and zero, marked at round steps. */
export function chartScale(values: readonly Dec[]): ChartScale {
  const least = values.reduce((a, b) => (cmp(b, a) < 0 ? b : a), ZERO);
  const most = values.reduce((a, b) => (cmp(b, a) > 0 ? b : a), ZERO);
  const range = sub(most, least);
  const step = STEPS.find((size) => cmp(mul(size, MOST_SPANS), range) >= 0) ?? LARGEST;
  let low = ZERO;
  while (cmp(low, least) > 0) low = sub(low, step);
  const ticks = [low];
  for (let high = low; cmp(high, most) < 0 || ticks.length < 2;) {
    high = add(high, step);
    ticks.push(high);
  }
  return { low, high: ticks.at(-1) ?? step, step, ticks };
}

/** Pixels from the top of an axis of `height` whole pixels, to two decimals. */
export const pixelsDown = (scale: ChartScale, value: Dec, height: number): Dec =>
  div(mul(sub(scale.high, value), dec(String(height))), sub(scale.high, scale.low), 2) ?? ZERO;

/** Digits after the point of a percentage that its marks need. */
export const percentDigits = ({ step }: ChartScale): number =>
  cmp(step, dec('0.01')) >= 0 ? 0 : cmp(step, dec('0.001')) >= 0 ? 1 : 2;
