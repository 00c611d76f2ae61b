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
  /** Why the node cannot be placed in the tree, with the member at fault: nothing below it is read. */
  readonly fault: { readonly reason: string; readonly path: string } | null;
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

const DIRECTLY_OWNED = 'Directly Owned';
/** Accounts nest within accounts a few levels deep; a reply that goes on is no firm. */
const DEEPEST = 100;

/** A tree that cannot be placed must not look like one without positions. */
function faultOf(node: z.infer<typeof branch>, depth: number): TreeRow['fault'] {
  if (depth > DEEPEST) return { reason: `The tree is more than ${DEEPEST} levels deep here.`, path: 'children' };
  if (depth > 0 && node.grouping !== 'holding_account') {
    const reason =
      node.grouping == null
        ? 'grouping is missing, so it is not clear whether this is an account or a security.'
        : `grouping has the value “${node.grouping.slice(0, 60)}”, which was not asked for.`;
    return { reason, path: 'grouping' };
  }
  return node.children == null ? { reason: 'children is missing, so its positions are not known.', path: 'children' } : null;
}

/**
 * The rows of the tree in order. `holding_account` may nest within itself: a security belongs to the nearest account
 * above it. A row without entity id (`Directly Owned`) names no account of its own, so the one above it holds.
 * Nodes that cannot be placed come out as rows, for the reader of rows to refuse.
 */
export function* treeRows(
  total: LosslessJson,
  pointer: string,
  account: TreeAccount | null = null,
  depth = 0,
): Generator<TreeRow, void, undefined> {
  const node = branch.safeParse(total);
  const fault = node.success && node.data.grouping !== 'security' ? faultOf(node.data, depth) : null;
  if (!node.success || node.data.grouping === 'security' || fault) {
    const securityId = node.data?.entity_id == null ? null : toIdText(node.data.entity_id);
    yield { node: total, pointer, account, securityId, fault };
    return;
  }
  const { entity_id: entityId, name, columns, children } = node.data;
  const service = columns?.financial_service;
  const own =
    entityId == null
      ? // Only `Directly Owned` stands for the account above; another row has lost the id of an account of its own.
        depth === 0 || name === DIRECTLY_OWNED
        ? account
        : null
      : {
          id: toIdText(entityId),
          name: name ?? '',
          financialService: typeof service === 'string' && service.trim() !== '' ? service.trim() : null,
        };
  for (const [index, child] of (children ?? []).entries())
    yield* treeRows(child, `${pointer}/children/${index}`, depth === 0 ? null : own, depth + 1);
}
