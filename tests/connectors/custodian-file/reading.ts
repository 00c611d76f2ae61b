import { readOfx } from '../../../main/connectors/custodian-file/read-ofx.ts';
import type { OfxFile, OfxStatement, StatementTransaction } from '../../../main/connectors/custodian-file/statement.ts';
import { ConnectorError } from '../../../main/connectors/connector.ts';
import { document, statement, written, type Node, type StatementParts } from './ofx-writer.ts';

/** Reads a file with one composed statement. */
export function readOne(parts: StatementParts, securities: readonly Node[] = []): { file: OfxFile; only: OfxStatement } {
  const file = readOfx(written(document([statement(parts)], securities)));
  const [only] = file.statements;
  if (only === undefined) throw new Error('no statement');
  return { file, only };
}

export function readTransaction(row: Node): { row: StatementTransaction | undefined; only: OfxStatement } {
  const { only } = readOne({ transactions: [row] });
  return { row: only.transactions[0], only };
}

/** The sentence with which reading fails; fails the test when it does not fail, or fails in an undeclared way. */
export function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'bad_response') return error.message;
    throw error;
  }
  throw new Error('the file was read');
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
