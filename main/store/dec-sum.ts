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
      const text = String(value);
      const point = text.indexOf('.');
      const scale = point < 0 ? 0 : text.length - point - 1;
      let units = BigInt(point < 0 ? text : text.slice(0, point) + text.slice(point + 1));
      if (scale > total.scale) {
        total.units *= 10n ** BigInt(scale - total.scale);
        total.scale = scale;
      } else if (scale < total.scale) units *= 10n ** BigInt(total.scale - scale);
      total.units += units;
      return total;
    },
    result({ scale, units }: Total): string {
      const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
      const whole = digits.slice(0, digits.length - scale);
      const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
      return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
    },
    deterministic: true,
    directOnly: false,
  };
}
