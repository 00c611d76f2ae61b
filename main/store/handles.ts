import type Database from 'better-sqlite3';

declare const readable: unique symbol;
declare const writable: unique symbol;

/** A connection that queries use. The file is opened read-only, so a write through it fails at run time as well. */
export type ReadDb = Pick<Database.Database, 'prepare' | 'name' | 'inTransaction' | 'readonly'> & { readonly [readable]: true };

/** The one connection that writes. It can do all that a ReadDb can. */
export type WritableDb = ReadDb & Pick<Database.Database, 'transaction' | 'exec' | 'pragma'> & { readonly [writable]: true };
