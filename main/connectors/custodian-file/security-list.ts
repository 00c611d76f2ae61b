import { sign, type Dec } from '../../../shared/model/decimal.ts';
import type { SecurityType } from '../../../shared/model/holding.ts';
import type { Element } from './element-tree.ts';
import { childOf, childrenOf, currencyOf, readRows, RowProblem, textOf, valueOf } from './row-fields.ts';
import { readSecurityId, type SecurityId } from './security-id.ts';
import type { RejectedRow } from './statement.ts';

const TYPE_OF_INFO: Readonly<Record<string, SecurityType>> = {
  STOCKINFO: 'stock',
  MFINFO: 'fund',
  DEBTINFO: 'bond',
  OPTINFO: 'option',
  OTHERINFO: 'other',
};

/** What SECLIST says about one security. */
export interface DescribedSecurity {
  readonly line: number;
  readonly id: SecurityId;
  readonly type: SecurityType;
  readonly name: string | null;
  readonly ticker: string | null;
  /** Only when it differs from the statement's. */
  readonly currency: string | null;
  /** SHPERCTRCT of an option. */
  readonly contractSize: Dec | null;
  /** PARVALUE of a bond. */
  readonly parValue: Dec | null;
}

export interface SecurityList {
  /** By external id. */
  readonly securities: ReadonlyMap<string, DescribedSecurity>;
  readonly rejected: readonly RejectedRow[];
  readonly warnings: readonly string[];
}

const positive = (value: Dec | null): Dec | null => (value !== null && sign(value) > 0 ? value : null);

function readSecurity(row: Element): DescribedSecurity {
  const type = TYPE_OF_INFO[row.tag];
  if (type === undefined) throw new RowProblem('', 'this kind of security is not known.');
  const info = childOf(row, 'SECINFO');
  if (info === null) throw new RowProblem('SECINFO', 'SECINFO is missing.');
  const id = readSecurityId(info);
  const { currency } = currencyOf(info, '');
  return {
    line: row.line,
    id,
    type,
    name: textOf(info, 'SECNAME'),
    ticker: textOf(info, 'TICKER') ?? id.ticker,
    currency: currency === '' ? null : currency,
    contractSize: type === 'option' ? positive(valueOf(row, 'SHPERCTRCT')) : null,
    parValue: type === 'bond' ? positive(valueOf(row, 'PARVALUE')) : null,
  };
}

const same = (a: DescribedSecurity, b: DescribedSecurity): boolean =>
  a.name === b.name && a.ticker === b.ticker && a.type === b.type;

/**
 * Reads every SECLIST of the document. An id described twice in different ways keeps the first name; its ticker is
 * dropped, because it cannot be known which of the two is meant.
 */
export function readSecurityList(root: Element, source: string): SecurityList {
  const securities = new Map<string, DescribedSecurity>();
  const rejected: RejectedRow[] = [];
  const warnings: string[] = [];
  const rows = childrenOf(root, 'SECLISTMSGSRSV1')
    .flatMap((set) => childrenOf(set, 'SECLIST'))
    .flatMap((list) => list.children);
  for (const security of readRows(rows, source, rejected, readSecurity)) {
    const { externalId } = security.id;
    const known = securities.get(externalId);
    if (known === undefined) {
      securities.set(externalId, security);
    } else if (!same(known, security)) {
      securities.set(externalId, { ...known, ticker: known.ticker === security.ticker ? known.ticker : null });
      warnings.push(
        `Line ${security.line}: ${security.id.label} is described a second time as ${security.name ?? 'unnamed'} (${security.ticker ?? 'no ticker'}); line ${known.line} says ${known.name ?? 'unnamed'} (${known.ticker ?? 'no ticker'}). Both are read as one security without a ticker.`,
      );
    }
  }
  return { securities, rejected, warnings };
}
