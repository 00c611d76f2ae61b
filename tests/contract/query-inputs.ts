import type { CallInput, QueryName } from '../../shared/contract/index.ts';
import type { Facts } from './desk.ts';

const NARROWED = { offset: 1, limit: 25, search: 'a', sort: [{ column: 'account', direction: 'desc' }] } as const;
const grid = () => ({ ...NARROWED, sort: NARROWED.sort.map((s) => ({ ...s })) });

/** Valid input for every query; the compiler refuses a table that leaves one out. */
export const queryInputs: { readonly [N in QueryName]: (facts: Facts) => CallInput<N> } = {
  'app.info': () => ({}),
  'portfolios.list': () => ({ search: 'a', limit: 20 }),
  'portfolios.get': ({ portfolio }) => ({ id: portfolio }),
  'portfolios.holdings': ({ portfolio }) => ({ id: portfolio, ...grid() }),
  'portfolios.conflicts': ({ portfolio }) => ({ id: portfolio, limit: 25 }),
  'holdings.page': () => ({ ...grid(), filters: [{ column: 'type', operator: 'in', value: ['stock', 'bond'] }] }),
  'holdings.groups': () => ({ by: 'security', limit: 25 }),
  'holdings.get': ({ holding }) => ({ id: holding }),
  'sources.payload': ({ sourceRecord }) => ({ id: sourceRecord }),
  'accounts.list': () => ({ search: '', limit: 30 }),
  'search.everything': () => ({ text: 'trust', limit: 20 }),
  'overview.get': () => ({}),
  'connections.platforms': () => ({}),
  'connections.list': () => ({}),
  'connections.get': ({ connections }) => ({ id: connections.orion }),
  'connections.health': ({ connections }) => ({ id: connections.addepar }),
  'connections.events': ({ connections }) => ({ id: connections.addepar, limit: 20 }),
  'connections.signInState': ({ signInId }) => ({ signInId }),
  'connections.unlinked': ({ connections }) => ({ id: connections.orion }),
  'sync.operations': ({ connections }) => ({ connectionId: connections.addepar, limit: 10 }),
  'sync.operation': ({ operation }) => ({ id: operation }),
  'sync.status': () => ({}),
  'sync.quarantine': ({ operation }) => ({ id: operation }),
  'conflicts.page': () => ({ ...grid(), filters: [{ column: 'status', operator: 'is', value: 'open' }] }),
  'conflicts.facets': () => ({ filters: [{ column: 'field', operator: 'is', value: 'price' }] }),
  'conflicts.get': ({ conflict }) => ({ id: conflict }),
  'batches.list': () => ({ limit: 10 }),
  'batches.previewUndo': ({ batch }) => ({ id: batch }),
  'audit.page': () => ({ before: 1000, limit: 20 }),
  'audit.verify': () => ({}),
  'reconciliation.runs': () => ({ limit: 5 }),
  'reconciliation.get': ({ run }) => ({ id: run }),
  'reconciliation.breaks': ({ run }) => ({ id: run, ...grid() }),
  'reconciliation.facets': ({ run }) => ({ id: run, search: '' }),
  'reconciliation.export': ({ run }) => ({ id: run, filters: [{ column: 'status', operator: 'is', value: 'open' }] }),
  'settings.get': () => ({}),
  'secrets.status': () => ({}),
  'imports.list': () => ({}),
  'transactions.page': () => ({ ...grid(), filters: [{ column: 'type', operator: 'in', value: ['buy', 'dividend'] }] }),
  'transactions.get': ({ transaction }) => ({ id: transaction }),
};
