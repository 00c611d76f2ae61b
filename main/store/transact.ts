import type { WritableDb } from './handles.ts';

type NotPromise<R> = R extends PromiseLike<unknown> ? never : R;

/**
 * Runs `body` in one IMMEDIATE transaction: everything or nothing. The body is synchronous and fails by throwing;
 * a promise is refused, because what follows its first `await` would run outside the transaction and stay.
 */
export function transact<R>(db: WritableDb, body: () => NotPromise<R>): R {
  if (db.inTransaction) throw new Error('A transaction is already open; nested transactions are not used.');
  const run = db.transaction((): R => {
    const result = body();
    if (result !== null && typeof result === 'object' && 'then' in result)
      throw new TypeError('A transaction body must not be asynchronous.');
    return result;
  });
  return run.immediate();
}
