import type { ImportPreviewRow } from '../../shared/contract/imports.ts';
import type { QuarantinedRecord } from '../connectors/connector.ts';
import type { CustodianFile } from './read-file.ts';

/** A row that is not taken, with the account it belongs to; null when it belongs to the file as a whole. */
export interface RejectedRecord extends QuarantinedRecord {
  readonly kind: ImportPreviewRow['kind'];
  readonly account: string | null;
}

const CASH = /^(?:BAL|INVBAL|INV401KBAL|AVAILCASH|MARGINBALANCE|SHORTBALANCE|BUYPOWER|CASHBAL|TOTAL)\b/;
const TRANSACTION =
  /^(?:INVBANKTRAN|STMTTRN|BUY|SELL|REINVEST|INCOME|RETOFCAP|TRANSFER|SPLIT|MARGININTEREST|INVEXPENSE|JRNL|CLOSUREOPT)/;

/** What is neither money nor movement for sure counts as a position: then nothing is concluded from what else is missing. */
export const kindOfRejected = (path: string): RejectedRecord['kind'] =>
  CASH.test(path) ? 'cash' : TRANSACTION.test(path) ? 'transaction' : 'position';

/** Everything of the file that could not be taken, by account. */
export function rejectedRecords({ file, page }: CustodianFile): RejectedRecord[] {
  const ofStatement = new Map(
    file.statements.flatMap((s) => s.rejected.map((row) => [row.reason, s.accountExternalId] as const)),
  );
  const accountOf = ({ reason, externalId }: QuarantinedRecord): string | null => {
    const known = ofStatement.get(reason);
    if (known !== undefined || externalId === null) return known ?? null;
    return page.accounts.find((a) => externalId.startsWith(`${a.externalId}|`))?.externalId ?? null;
  };
  return page.quarantined.map((q) => ({ ...q, kind: kindOfRejected(q.path), account: accountOf(q) }));
}
