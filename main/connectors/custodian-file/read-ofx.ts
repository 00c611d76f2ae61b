import { buildTree, type Element } from './element-tree.ts';
import { readFileText } from './file-text.ts';
import { brief } from './brief.ts';
import { finishStatement, readStatementRows, type StatementRows } from './read-statement.ts';
import { childrenOf, readRows } from './row-fields.ts';
import { createSecurityCatalogue } from './security-catalogue.ts';
import { readSecurityList } from './security-list.ts';
import type { OfxFile, RejectedRow, StatementTransaction } from './statement.ts';
import { assignTransactionIds } from './transaction-ids.ts';
import { unreadable } from './unreadable.ts';

const textAt = (root: Element, ...path: readonly string[]): string | null => {
  let at: Element | undefined = root;
  for (const tag of path) at = at?.children.find((child) => child.tag === tag);
  return at?.text || null;
};

/** Says why there is no statement: the custodian refused, or the file is of another kind. */
function refuseWithoutStatement(root: Element, answers: readonly Element[], rejected: readonly RejectedRow[]): never {
  const [first] = rejected;
  if (first) throw unreadable(null, first.reason);
  const refused = answers.find((answer) => textAt(answer, 'STATUS', 'SEVERITY') === 'ERROR');
  if (refused)
    throw unreadable(
      refused.line,
      `The custodian answered with an error instead of a statement: ${textAt(refused, 'STATUS', 'MESSAGE') ?? 'no reason given'} (code ${textAt(refused, 'STATUS', 'CODE') ?? 'unknown'}).`,
    );
  const others = ['BANKMSGSRSV1', 'CREDITCARDMSGSRSV1'].filter((tag) => childrenOf(root, tag).length > 0);
  throw unreadable(
    null,
    others.length > 0
      ? 'The file holds bank or card statements but no investment statement. Download the investment account.'
      : 'The file holds no investment statement. Download it again, with positions and transactions.',
  );
}

function idsOf(statements: readonly StatementRows[]): Map<StatementRows, readonly StatementTransaction[]> {
  const ids = new Map<StatementRows, readonly StatementTransaction[]>();
  for (const [account, own] of Map.groupBy(statements, (statement) => statement.head.accountExternalId)) {
    const lists = assignTransactionIds(
      account,
      own.map((statement) => statement.transactions),
    );
    own.forEach((statement, index) => ids.set(statement, lists[index] ?? []));
  }
  return ids;
}

/**
 * Reads an OFX or QFX file with investment statements, SGML (1.x) or XML (2.x), of at most 20 MB. Rows that cannot be
 * taken are in `rejected` with their reasons. Throws a ConnectorError `bad_response` whose message is a sentence for the
 * analyst, with the line at fault, when the file as a whole cannot be read.
 */
export function readOfx(bytes: Uint8Array): OfxFile {
  const file = readFileText(bytes);
  const root = buildTree(file);
  const answers = childrenOf(root, 'INVSTMTMSGSRSV1').flatMap((set) => childrenOf(set, 'INVSTMTTRNRS'));
  const rejected: RejectedRow[] = [];
  const statements = readRows(
    answers.flatMap((answer) => childrenOf(answer, 'INVSTMTRS')),
    file.text,
    rejected,
    (row) => readStatementRows(row, file.text),
  );
  if (statements.length === 0) refuseWithoutStatement(root, answers, rejected);

  const list = readSecurityList(root, file.text);
  const catalogue = createSecurityCatalogue(
    list,
    statements.flatMap((statement) => statement.positions),
    statements.flatMap((statement) =>
      statement.transactions.flatMap((row) =>
        row.security === null
          ? []
          : [{ line: row.line, id: row.security, type: row.securityType, currency: row.currency.currency }],
      ),
    ),
  );
  const ids = idsOf(statements);
  const currency = statements[0]?.head.currency ?? '';
  return {
    format: file.format,
    version: file.version,
    institution: {
      org: textAt(root, 'SIGNONMSGSRSV1', 'SONRS', 'FI', 'ORG'),
      fid: textAt(root, 'SIGNONMSGSRSV1', 'SONRS', 'FI', 'FID'),
    },
    statements: statements.map((statement) => finishStatement(statement, catalogue, ids.get(statement) ?? [])),
    securities: catalogue.securities.map((security) => (security.currency === '' ? { ...security, currency } : security)),
    rejected: [...rejected, ...list.rejected],
    warnings: [...file.warnings, ...list.warnings, ...catalogue.warnings].map(brief),
  };
}
