import { z } from 'zod';
import { ConnectorError, type AccountRecord, type ConnectorContext } from '../connector.ts';
import { jsonId, toIdText } from '../json.ts';
import { addeparPages, type AddeparAccess } from './access.ts';
import { isClient, isHousehold, type AddeparEntity } from './entity.ts';

// Relationship replies show integer ids where resource objects show text.
const end = z.object({ data: z.object({ id: jsonId }) });
const position = z.object({ relationships: z.object({ owner: end, owned: end }) });

const OWNED = 'FINANCIAL_ACCOUNT,PERSON_NODE,TRUST,HOLDING_COMPANY';

/**
 * Who owns whom, from the ownership edges: owned entity id to the ids of its owners. Households are a convenience, so a
 * key that may not read positions gets an empty map and a note.
 */
export async function readOwners(
  context: ConnectorContext,
  access: AddeparAccess,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const owners = new Map<string, string[]>();
  try {
    const path = `/v1/positions?page[limit]=2000&filter[owned_model_types]=${OWNED}&fields[positions]=[]`;
    for await (const page of addeparPages(access, path, 'list ownership')) {
      for (const item of page.items) {
        const read = position.safeParse(item);
        if (!read.success) continue;
        const { owner, owned } = read.data.relationships;
        owners.set(toIdText(owned.data.id), [...(owners.get(toIdText(owned.data.id)) ?? []), toIdText(owner.data.id)]);
      }
    }
  } catch (cause) {
    if (!(cause instanceof ConnectorError) || !['forbidden', 'bad_response'].includes(cause.kind)) throw cause;
    context.log('Households cannot be read; accounts come without them', { reason: cause.message });
    return new Map();
  }
  return owners;
}

/**
 * The one household above an account; without households, the one client who has no owner above. Null when there are
 * several: an account is counted in one household, and which one is not for a program to say.
 */
export function householdOf(
  accountId: string,
  owners: ReadonlyMap<string, readonly string[]>,
  entities: ReadonlyMap<string, AddeparEntity>,
): AccountRecord['household'] {
  const above = new Set<string>();
  const open = [...(owners.get(accountId) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (above.has(id)) continue;
    above.add(id);
    open.push(...(owners.get(id) ?? []));
  }
  const found = [...above].flatMap((id) => entities.get(id) ?? []);
  const households = found.filter(isHousehold);
  const tops = households.length > 0 ? households : found.filter((entity) => isClient(entity) && !owners.has(entity.id));
  const [only] = tops;
  return only && tops.length === 1 ? { externalId: only.id, name: only.name } : null;
}
