import { AppError } from '../../shared/contract/errors.ts';
import { accountKey, isMaskedAccountNumber } from '../../shared/model/identifiers.ts';
import type { AccountRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';

/** With fewer accounts, all of them being others may be the ordinary life of a small firm. */
const LEAST_KNOWN = 2;

const keyOf = (number: string): string | null => (number === '' || isMaskedAccountNumber(number) ? null : accountKey(number));

/**
 * Refuses a pass in which not one account is known, neither by the platform's id nor by its number, though the connection has
 * several with positions: the sign-in leads to another firm. There is nothing to accept here, because another firm's
 * positions must never come into this book. Throws `other_firm`; call it before anything of the pass is written.
 */
export function assertSameFirm(db: WritableDb, connectionId: number, accounts: ReadonlyMap<string, AccountRecord>): void {
  const links = db
    .prepare('SELECT external_id AS externalId, number, name FROM account_links WHERE connection_id = ?')
    .all(connectionId) as { externalId: string; number: string; name: string }[];
  if (links.length < LEAST_KNOWN || accounts.size === 0) return;
  const numbers = new Set([...accounts.values()].map(({ number }) => keyOf(number)).filter((key) => key !== null));
  if (links.some(({ externalId, number }) => accounts.has(externalId) || numbers.has(keyOf(number) ?? ''))) return;
  const withPositions = new Set(
    db
      .prepare('SELECT DISTINCT account_external_id FROM source_holdings WHERE connection_id = ? AND valid_to_op IS NULL')
      .pluck()
      .all(connectionId) as string[],
  );
  const known = links.filter(({ externalId }) => withPositions.has(externalId));
  if (known.length < LEAST_KNOWN) return;
  const [first] = accounts.values();
  throw new AppError(
    'other_firm',
    `None of the ${known.length} accounts of this connection, such as ${known[0]?.name ?? ''}, is among the ${accounts.size} that the platform lists now, such as ${first?.name ?? ''}. The sign-in seems to lead to another firm, so nothing was changed. Sign in again as a user of this firm; if the other firm is meant, add a connection of its own for it.`,
    { details: { known: known.length, listed: accounts.size } },
  );
}
