import { CUSTODIANS } from '../firm/accounts.ts';
import type { Firm } from '../firm/firm.ts';
import { quoted } from '../http/json-text.ts';
import type { Entities } from './entities.ts';
import { AddeparError } from './errors.ts';
import { accountEntityId } from './ids.ts';
import { pageAfter, pageText, type Query } from './paging.ts';

/** Groups of accounts: all of them, and one group for each custodian. */
export interface Groups {
  page(query: Query): string;
  one(id: string): string;
  members(id: string, query: Query): string;
  relationship(id: string): string;
  /** Account indices of a group; null when there is no such group. */
  accounts(id: number): readonly number[] | null;
}

export function createGroups(firm: Firm, entities: Entities): Groups {
  const names = ['All accounts', ...CUSTODIANS.map((custodian) => `Accounts at ${custodian}`)];

  const accounts = (id: number): readonly number[] | null => {
    if (id < 1 || id > names.length) return null;
    const custodian = CUSTODIANS[id - 2];
    return firm.accounts.filter((account) => id === 1 || account.custodian === custodian).map((account) => account.index);
  };
  const known = (id: string): { readonly id: number; readonly members: readonly number[] } => {
    const members = /^\d{1,6}$/.test(id) ? accounts(Number(id)) : null;
    if (!members) throw new AddeparError(404, `There is no group ${id}`);
    return { id: Number(id), members };
  };
  const text = (id: number): string => {
    const relation = (name: string): string =>
      `"${name}":{"links":{"self":"/v1/groups/${id}/relationships/${name}","related":"/v1/groups/${id}/${name}"}}`;
    return `{"id":"${id}","type":"groups","attributes":{"name":${quoted(names[id - 1] ?? '')},"created_at":"2021-03-01T09:00:00Z","modified_at":"2024-02-11T06:05:00Z"},"relationships":{${relation('members')},${relation('child_groups')}},"links":{"self":"/v1/groups/${id}"}}`;
  };

  return {
    page: (query) =>
      pageText(
        '/groups',
        query,
        names.map((_, index) => ({ id: index + 1, text: text(index + 1) })).filter((row) => row.id > pageAfter(query)),
      ),
    one: (id) => `{"data":${text(known(id).id)},"included":[]}`,
    members(id, query) {
      const rows = known(id)
        .members.map((account) => ({ id: accountEntityId(account), account }))
        .filter((row) => row.id > pageAfter(query));
      const texts = function* (): Generator<{ id: number; text: string }> {
        for (const row of rows) yield { id: row.id, text: entities.resource(row.id) };
      };
      return pageText(`/groups/${known(id).id}/members`, query, texts());
    },
    relationship: (id) =>
      `{"data":[${known(id)
        .members.map((account) => `{"id":${accountEntityId(account)},"type":"entities"}`)
        .join(',')}]}`,
    accounts,
  };
}
