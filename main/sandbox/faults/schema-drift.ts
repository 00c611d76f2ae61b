import type { FaultOrder } from './fault.ts';

const SCALAR = String.raw`-?\d[\d.eE+-]*|"(?:[^"\\]|\\.)*"|true|false|null`;

/** Rewrites one member of JSON text the way a careless release does. Null for faults that are not about shape. */
export function schemaDrift(order: FaultOrder, defaultMember: string): ((json: string) => string) | null {
  const { fault } = order;
  if (fault !== 'number_as_string' && fault !== 'missing_member' && fault !== 'null_member') return null;
  let left = order.places ?? 1;
  const member = new RegExp(`(,?)"${(order.member ?? defaultMember).replaceAll(/\W/g, '')}":(${SCALAR})(,?)`, 'g');
  return (json) =>
    left <= 0
      ? json
      : json.replaceAll(member, (whole: string, before: string, value: string, after: string) => {
          if (left <= 0) return whole;
          left -= 1;
          if (fault === 'missing_member') return before && after ? ',' : '';
          const name = whole.slice(before.length, whole.indexOf(':') + 1);
          return `${before}${name}${fault === 'null_member' ? 'null' : JSON.stringify(value)}${after}`;
        });
}
