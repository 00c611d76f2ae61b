import { createHash } from 'node:crypto';
import { fitIdPart, joinedExternalId } from './external-ids.ts';
import type { StatementTransaction } from './statement.ts';
import type { TransactionRow } from './transaction-row.ts';

/** Everything a row says except where it stands: two rows with the same digest say the same. */
function digestOf(row: TransactionRow): string {
  const said = [
    row.tag,
    row.type,
    row.tradeDate,
    row.settleDate,
    row.security?.externalId ?? null,
    row.quantityDelta,
    row.price,
    row.cashDelta,
    row.currency.currency,
    row.memo,
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}

/**
 * Gives the rows of one account their ids; `statements` holds the rows of each of its statements in the file.
 *
 * The id is account and FITID, so a row that the custodian restates later is the same row changed. Custodians break the
 * promise that a FITID is unique, hence:
 * - different rows with one FITID: each gets the digest of its content added, so none overwrites another;
 * - equal rows within one statement are true repeats: the second gets `|2`, and so on, so importing the same file
 *   again finds the same rows and a single row is never taken for two;
 * - equal rows in overlapping statements get equal ids and count once;
 * - rows without a FITID are known by the digest of their content.
 */
export function assignTransactionIds(
  accountExternalId: string,
  statements: readonly (readonly TransactionRow[])[],
): readonly (readonly StatementTransaction[])[] {
  const digests = new Map<TransactionRow, string>();
  const contents = new Map<string, Set<string>>();
  for (const row of statements.flat()) {
    const digest = digestOf(row);
    digests.set(row, digest);
    if (row.fitId === null) continue;
    const known = contents.get(row.fitId) ?? new Set();
    contents.set(row.fitId, known.add(digest));
  }

  return statements.map((rows) => {
    const seen = new Map<string, number>();
    return rows.map((row) => {
      const digest = digests.get(row) ?? '';
      const shared = row.fitId !== null && (contents.get(row.fitId)?.size ?? 0) > 1;
      const base = joinedExternalId(
        accountExternalId,
        fitIdPart(row.fitId ?? ''),
        ...(shared || row.fitId === null ? [`~${digest}`] : []),
      );
      const nth = (seen.get(base) ?? 0) + 1;
      seen.set(base, nth);
      const { security, securityType: _, currency, flags, ...said } = row;
      return {
        ...said,
        externalId: nth === 1 ? base : joinedExternalId(base, String(nth)),
        securityExternalId: security?.externalId ?? null,
        currency: currency.currency,
        rate: currency.rate,
        flags: [
          ...flags,
          ...(shared ? ['Different rows share one FITID; each is kept under an id of its own.'] : []),
          ...(nth > 1 ? ['The same row stands more than once in the statement; each is kept.'] : []),
        ],
      };
    });
  });
}
