import { ONE, type Dec } from '../../../shared/model/decimal.ts';
import type { SecurityType } from '../../../shared/model/holding.ts';
import { listed, places } from './brief.ts';
import { TYPE_OF_POSITION, type PositionRow } from './position-rows.ts';
import { chooseMultiplier } from './position-value.ts';
import type { SecurityId } from './security-id.ts';
import type { DescribedSecurity, SecurityList } from './security-list.ts';
import type { StatementSecurity } from './statement.ts';

const MAX_NAME = 200;

/** A row that names a security: what the row itself tells about it. */
export interface SecurityMention {
  readonly line: number;
  readonly id: SecurityId;
  readonly type: SecurityType;
  readonly currency: string;
}

export interface SecurityCatalogue {
  readonly securities: readonly StatementSecurity[];
  readonly multiplierOf: (externalId: string) => Dec;
  readonly warnings: readonly string[];
}

interface Gathered {
  readonly mentions: SecurityMention[];
  readonly positions: PositionRow[];
}

/** SECLIST describes the security; the kind of row it stands in helps where SECLIST is silent or says only "other". */
function typeOf(
  described: DescribedSecurity | undefined,
  mentions: readonly SecurityMention[],
): { type: SecurityType; disagreeing: SecurityMention | null } {
  const specific = mentions.filter((mention) => mention.type !== 'other');
  const type = described && described.type !== 'other' ? described.type : (specific[0]?.type ?? described?.type ?? 'other');
  return { type, disagreeing: specific.find((mention) => mention.type !== type) ?? null };
}

/** Brings together SECLIST and the rows that name securities: one entry per id, its type and its multiplier. */
export function createSecurityCatalogue(
  list: SecurityList,
  positions: readonly PositionRow[],
  mentions: readonly SecurityMention[],
): SecurityCatalogue {
  const gathered = new Map<string, Gathered>();
  const at = (externalId: string): Gathered => {
    const entry = gathered.get(externalId) ?? { mentions: [], positions: [] };
    gathered.set(externalId, entry);
    return entry;
  };
  for (const externalId of list.securities.keys()) at(externalId);
  for (const row of positions) {
    const entry = at(row.security.externalId);
    entry.positions.push(row);
    entry.mentions.push({ line: row.line, id: row.security, type: TYPE_OF_POSITION[row.kind], currency: row.currency.currency });
  }
  for (const mention of mentions) at(mention.id.externalId).mentions.push(mention);

  const remarks: { readonly line: number; readonly kind: string; readonly label: string }[] = [];
  const securities: StatementSecurity[] = [];
  for (const [externalId, entry] of gathered) {
    const described = list.securities.get(externalId);
    const first = entry.mentions[0];
    const id = described?.id ?? first?.id;
    if (id === undefined) continue;
    const line = described?.line ?? first?.line ?? 1;
    const { type, disagreeing } = typeOf(described, entry.mentions);
    const { multiplier, remark } = chooseMultiplier(type, described, entry.positions);
    if (disagreeing)
      remarks.push({
        line: disagreeing.line,
        kind: `the row is of a kind for another type of security; it is taken as ${type}`,
        label: id.label,
      });
    if (described === undefined)
      remarks.push({
        line,
        kind: 'the list of securities of the file does not describe the security, so it has no name',
        label: id.label,
      });
    if (id.failsCheckDigit)
      remarks.push({
        line,
        kind: 'the identifier fails its check digit, so it is kept as an id of this file and not used to recognise the security',
        label: id.label,
      });
    if (remark !== null) remarks.push({ line, kind: remark, label: id.label });
    const { cusip, isin, sedol, figi } = id;
    const ticker = described ? described.ticker : id.ticker;
    const currency = described?.currency ?? first?.currency ?? '';
    securities.push({
      externalId,
      name: (described?.name ?? ticker ?? id.label).slice(0, MAX_NAME),
      type,
      ticker,
      cusip,
      isin,
      sedol,
      figi,
      currency,
      multiplier,
      line,
      described: described !== undefined,
    });
  }
  const multipliers = new Map(securities.map((security) => [security.externalId, security.multiplier]));
  return {
    securities,
    multiplierOf: (externalId) => multipliers.get(externalId) ?? ONE,
    warnings: [...Map.groupBy(remarks, (remark) => remark.kind)].map(
      ([kind, rows]) => `${places(rows)}: ${kind}: ${listed(rows.map((row) => row.label))}.`,
    ),
  };
}
