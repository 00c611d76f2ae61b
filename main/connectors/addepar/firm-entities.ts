import type { QuarantinedRecord } from '../connector.ts';
import { createJsonCutter } from '../json-cut.ts';
import { createQuarantine, readRecord } from '../quarantine.ts';
import { addeparPages, type AddeparAccess } from './access.ts';
import { addeparEntity, ENTITY_FIELDS, isAccount, type AddeparEntity } from './entity.ts';

export interface AccountPage {
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly accounts: readonly AddeparEntity[];
  readonly quarantined: readonly QuarantinedRecord[];
}

export interface FirmEntities {
  readonly entities: ReadonlyMap<string, AddeparEntity>;
  /** The replies that name accounts or hold unreadable entities, in order. */
  readonly accountPages: readonly AccountPage[];
}

/**
 * Reads every entity of the firm in one sweep: accounts, their owners, and what kind of thing each security is, which the
 * portfolio query does not say. 2,000 a page keeps it within 50 requests for 100,000 entities.
 */
export async function readFirmEntities(access: AddeparAccess): Promise<FirmEntities> {
  const entities = new Map<string, AddeparEntity>();
  const accountPages: AccountPage[] = [];
  const path = `/v1/entities?page[limit]=2000&fields[entities]=${ENTITY_FIELDS}`;
  for await (const page of addeparPages(access, path, 'list entities')) {
    const quarantine = createQuarantine(createJsonCutter(page.text));
    const accounts: AddeparEntity[] = [];
    for (const [index, item] of page.items.entries()) {
      const entity = readRecord(addeparEntity, item, quarantine, { pointer: `/data/${index}`, idMember: 'id' });
      if (!entity || entities.has(entity.id)) continue;
      entities.set(entity.id, entity);
      if (isAccount(entity)) accounts.push(entity);
    }
    const quarantined = quarantine.take();
    if (accounts.length + quarantined.length > 0)
      accountPages.push({ raw: page.raw, contentType: page.contentType, accounts, quarantined });
  }
  return { entities, accountPages };
}
