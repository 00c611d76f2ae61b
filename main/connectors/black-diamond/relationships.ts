import { z } from 'zod';
import type { AccountRecord } from '../connector.ts';
import { jsonId, jsonList, jsonText, toIdText, type LosslessJson } from '../json.ts';
import { createMemberFold } from './member-fold.ts';

const foldRecord = createMemberFold(['Relationship', 'ReferencedEntities']);
const foldRelationship = createMemberFold(['ID', 'Name']);
const foldEntities = createMemberFold(['Accounts']);
const foldAccount = createMemberFold(['ExternalID']);

const record = z.preprocess(
  foldRecord,
  z.object({
    Relationship: z.preprocess(foldRelationship, z.object({ ID: jsonId, Name: jsonText })),
    ReferencedEntities: z.preprocess(foldEntities, z.object({ Accounts: jsonList.nullish() })).nullish(),
  }),
);
const account = z.preprocess(foldAccount, z.object({ ExternalID: jsonId }));

export interface Relationships {
  read(items: readonly LosslessJson[]): void;
  /** The one relationship an account belongs to; null when there is none or more than one. */
  of(accountId: string): AccountRecord['household'];
}

/** Which relationship (household-level owner) each account belongs to. Records that cannot be read give no household. */
export function createRelationships(): Relationships {
  const byAccount = new Map<string, AccountRecord['household']>();
  return {
    read: (items) => {
      for (const item of items) {
        const read = record.safeParse(item);
        if (!read.success) continue;
        const household = { externalId: toIdText(read.data.Relationship.ID), name: read.data.Relationship.Name.trim() };
        for (const member of read.data.ReferencedEntities?.Accounts ?? []) {
          const named = account.safeParse(member);
          if (!named.success) continue;
          const id = toIdText(named.data.ExternalID);
          const other = byAccount.get(id);
          byAccount.set(id, other === undefined || other?.externalId === household.externalId ? household : null);
        }
      }
    },
    of: (accountId) => byAccount.get(accountId) ?? null,
  };
}
