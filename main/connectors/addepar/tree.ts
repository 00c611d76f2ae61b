import { z } from 'zod';
import { jsonId, jsonList, jsonText, toIdText, type LosslessJson } from '../json.ts';

/** A security row of the query's tree, with the account it stands under. */
export interface TreeRow {
  readonly node: LosslessJson;
  readonly pointer: string;
  /** Entity id of the security as text, where it can be read. */
  readonly securityId: string | null;
  /** Null when no account is above it. */
  readonly account: TreeAccount | null;
}
export interface TreeAccount {
  readonly id: string;
  readonly name: string;
  /** Custodian as the account's own row names it, where the query has that column. */
  readonly financialService: string | null;
}

const branch = z.object({
  name: jsonText.nullish(),
  grouping: jsonText.nullish(),
  entity_id: jsonId.nullish(),
  columns: z.object({ financial_service: z.unknown().optional() }).nullish(),
  children: jsonList.nullish(),
});

/**
 * The rows of the tree in order. `holding_account` may nest within itself: a security belongs to the nearest account
 * above it. A row without entity id (`Directly Owned`) names no account of its own, so the one above it holds.
 * Nodes that are no objects come out as rows, for the reader of rows to refuse.
 */
export function* treeRows(
  total: LosslessJson,
  pointer: string,
  account: TreeAccount | null = null,
): Generator<TreeRow, void, undefined> {
  const node = branch.safeParse(total);
  if (!node.success || node.data.grouping === 'security') {
    yield { node: total, pointer, account, securityId: node.data?.entity_id == null ? null : toIdText(node.data.entity_id) };
    return;
  }
  const { entity_id: entityId, name, columns, children } = node.data;
  const service = columns?.financial_service;
  const own =
    entityId == null || node.data.grouping !== 'holding_account'
      ? account
      : {
          id: toIdText(entityId),
          name: name ?? '',
          financialService: typeof service === 'string' && service.trim() !== '' ? service.trim() : null,
        };
  for (const [index, child] of (children ?? []).entries()) yield* treeRows(child, `${pointer}/children/${index}`, own);
}
