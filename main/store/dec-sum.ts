import { fromUnits, inScale, toUnits } from './units.ts';

interface Total {
  scale: number;
  units: bigint;
}

/** `dec_sum(text)`: the exact sum of canonical decimal texts as canonical text; null rows are skipped, no rows give '0'. */
export function createDecSum() {
  return {
    start: (): Total => ({ scale: 0, units: 0n }),
    step(total: Total, value: unknown): Total {
      if (value === null) return total;
      const amount = toUnits(String(value));
      if (amount.scale > total.scale) {
        total.units = inScale(total, amount.scale);
        total.scale = amount.scale;
      }
      total.units += inScale(amount, total.scale);
      return total;
    },
    result: ({ scale, units }: Total): string => fromUnits(units, scale),
    deterministic: true,
    directOnly: false,
  };
}
