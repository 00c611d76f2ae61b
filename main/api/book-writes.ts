import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import type { HoldingField } from '../../shared/model/holding.ts';
import { createBatch } from '../conflicts/batch.ts';
import { refreshConflicts } from '../conflicts/refresh.ts';
import type { WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import { linkAccountsByHand, linkByHand } from '../sync/link-by-hand.ts';
import type { Writes } from './handler.ts';

const COLUMN: Readonly<Record<HoldingField, string>> = {
  quantity: 'quantity',
  price: 'price',
  marketValue: 'market_value',
  costBasis: 'cost_basis',
};

/** One value of the book changed by a person, as a batch that can be undone; refused when the value changed meanwhile. */
export function editHolding(
  db: WritableDb,
  input: HandlerInput<'holdings.edit'>,
  context: WriteContext,
): Output<'holdings.edit'> {
  const column = COLUMN[input.field];
  const row = db
    .prepare(
      `SELECT h.${column} AS value, h.field_origins AS fieldOrigins, a.name AS account, s.name AS security FROM holdings h
       JOIN accounts a ON a.id = h.account_id JOIN securities s ON s.id = h.security_id WHERE h.id = ?`,
    )
    .get(Number(input.id)) as { value: Dec | null; fieldOrigins: string | null; account: string; security: string } | undefined;
  if (!row) throw new AppError('not_found', 'There is no such position.');
  if (row.value !== input.expected)
    throw new AppError(
      'conflict_changed',
      `This value changed to ${row.value ?? 'none'} while you were editing. Look at it and decide once more.`,
      {
        details: { current: row.value },
      },
    );
  const batch = createBatch(db, context, {
    kind: 'edit',
    summary: `Edited ${row.security} in ${row.account}`.slice(0, 200),
    note: input.reason,
  });
  const origins = JSON.stringify({
    ...(row.fieldOrigins === null ? {} : (JSON.parse(row.fieldOrigins) as object)),
    [input.field]: `b:${batch.id}`,
  });
  db.prepare(`UPDATE holdings SET ${column} = ?, field_origins = ?, version = version + 1 WHERE id = ?`).run(
    input.value,
    origins,
    Number(input.id),
  );
  batch.add(
    'holding',
    Number(input.id),
    { [column]: row.value, field_origins: row.fieldOrigins },
    { [column]: input.value, field_origins: origins },
  );
  // A decision still open on this position must be looked at again with the new number.
  refreshConflicts(db, [{ kind: 'position', id: Number(input.id) }]);
  batch.finish();
  context.audit(`holding ${input.id}`, {
    field: input.field,
    before: row.value,
    after: input.value,
    reason: input.reason,
    batch: batch.id,
  });
  return { batchId: String(batch.id) };
}

function createPortfolio(
  db: WritableDb,
  input: HandlerInput<'portfolios.create'>,
  context: WriteContext,
): Output<'portfolios.create'> {
  if (db.prepare('SELECT 1 FROM portfolios WHERE name = ?').get(input.name) !== undefined)
    throw new AppError('duplicate', `There is a portfolio named ${input.name} already. Choose another name.`);
  const id = db.prepare('INSERT INTO portfolios (name) VALUES (?)').run(input.name).lastInsertRowid as number;
  const move = db.prepare('UPDATE accounts SET portfolio_id = ? WHERE id = ?');
  for (const accountId of input.accountIds)
    if (move.run(id, Number(accountId)).changes === 0)
      throw new AppError('not_found', 'One of the accounts does not exist any more.');
  context.audit(`portfolio ${id}`, { name: input.name, accounts: input.accountIds });
  return { id: String(id) };
}

/** Commands that change Clearway's own book directly. */
export const bookWrites = {
  'holdings.edit': editHolding,
  'portfolios.create': createPortfolio,
  'connections.link': linkByHand,
  'connections.linkAccounts': linkAccountsByHand,
} satisfies Writes;
