import type { FaultOrder } from './fault.ts';

const SCALAR = String.raw`-?\d[\d.eE+-]*|"(?:[^"\\]|\\.)*"|true|false|null`;

const NESTED = 5_000;

/** What becomes of `"member":value`; null for faults that are not about one member. */
const CHANGES: Partial<Record<FaultOrder['fault'], (name: string, value: string) => string>> = {
  number_as_string: (name, value) => `"${name}":${JSON.stringify(value)}`,
  null_member: (name) => `"${name}":null`,
  renamed_member: (name, value) => `"${name}New":${value}`,
  repeated_member: (name, value) => `"${name}":${value},"${name}":7`,
  nested_member: (name, value) => `"${name}":${'['.repeat(NESTED)}${value}${']'.repeat(NESTED)}`,
  huge_number: (name) => `"${name}":1e999`,
  new_word: (name) => `"${name}":"Zephyrous"`,
};

/** Rewrites one member of JSON text the way a careless release does. Null for faults that are not about one member. */
export function schemaDrift(order: FaultOrder, defaultMember: string): ((json: string) => string) | null {
  const { fault } = order;
  const change = CHANGES[fault];
  if (!change && fault !== 'missing_member') return null;
  let left = order.places ?? 1;
  const name = (order.member ?? defaultMember).replaceAll(/\W/g, '');
  const member = new RegExp(`(,?)"${name}":(${SCALAR})(,?)`, 'g');
  return (json) =>
    left <= 0
      ? json
      : json.replaceAll(member, (whole: string, before: string, value: string, after: string) => {
          if (left <= 0) return whole;
          left -= 1;
          if (!change) return before && after ? ',' : '';
          return `${before}${change(name, value)}${after}`;
        });
}
