import type { z } from 'zod';
import { backups } from './backups.ts';
import { alertDestinations } from './alert-destinations.ts';
import { alerts } from './alerts.ts';
import { book } from './book.ts';
import { conflicts } from './conflicts.ts';
import { connectionHealth } from './connection-health.ts';
import { connections } from './connections.ts';
import { diagnostics } from './diagnostics.ts';
import { imports } from './imports.ts';
import { logs } from './logs.ts';
import { overview } from './overview.ts';
import { performance } from './performance.ts';
import { reconciliation } from './reconciliation.ts';
import { secrets } from './secrets.ts';
import { sync } from './sync.ts';
import { syncHistory } from './sync-history.ts';
import { taxLots } from './tax-lots.ts';
import { transactions } from './transactions.ts';
import { webhooks } from './webhooks.ts';

/** The table of contents of the product: every procedure that any screen, script or partner can call. */
export const contract = {
  ...book,
  ...overview,
  ...connections,
  ...connectionHealth,
  ...sync,
  ...syncHistory,
  ...conflicts,
  ...reconciliation,
  ...imports,
  ...secrets,
  ...transactions,
  ...performance,
  ...webhooks,
  ...taxLots,
  ...backups,
  ...alerts,
  ...alertDestinations,
  ...logs,
  ...diagnostics,
} as const;

export type Contract = typeof contract;
export type ProcedureName = keyof Contract;
/** What a caller may pass (defaults not yet filled in). */
export type CallInput<N extends ProcedureName> = z.input<Contract[N]['input']>;
/** What a handler receives. */
export type HandlerInput<N extends ProcedureName> = z.output<Contract[N]['input']>;
/** What a handler answers and a caller receives. */
export type Output<N extends ProcedureName> = z.output<Contract[N]['output']>;

export type CommandName = { [N in ProcedureName]: Contract[N]['kind'] extends 'command' ? N : never }[ProcedureName];
export type QueryName = Exclude<ProcedureName, CommandName>;

export const procedureNames = Object.keys(contract) as ProcedureName[];
export const isProcedureName = (name: string): name is ProcedureName => Object.hasOwn(contract, name);

export { AppError, COMMON_ERRORS, ERROR_STATUS, errorBody, type ErrorBody, type ErrorCode } from './errors.ts';
export { appEvent, type AppEvent, type Topic } from './events.ts';
export { ROLES, type Command, type Procedure, type Query, type Role } from './procedure.ts';
