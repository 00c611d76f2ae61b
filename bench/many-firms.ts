import { createServer } from 'node:http';

/**
 * A thousand small firms that speak Orion's routes, each below an address of its own (`/firm/N`): 10 positions an account.
 * Prints its address and ends with its parent.
 */
const POSITIONS = 10;
const holdings = Number(process.argv[2] ?? 50);

const accountOf = (firm: number, index: number): number => firm * 100_000 + Math.floor(index / POSITIONS);
const assets = (firm: number): object[] =>
  Array.from({ length: holdings }, (_, index) => ({
    id: firm * 100_000 + index,
    accountId: accountOf(firm, index),
    productId: index + 1,
    name: `Security ${index + 1}`,
    ticker: `T${index + 1}`,
    cusip: null,
    currentShares: 100 + index,
    currentPrice: 10.25,
    currentValue: (100 + index) * 10.25,
    costBasis: 1000.5,
    asOfDate: '2026-11-20T00:00:00',
    productType: 'StockOrETF',
    productSubType: 'Common',
    isCustodialCash: false,
    custodian: 'Larch Trust',
    editedDate: '2026-11-20T20:00:00',
  }));
const accounts = (firm: number): object[] =>
  [...new Set(Array.from({ length: holdings }, (_, index) => accountOf(firm, index)))].map((id) => ({
    id,
    name: `Account ${id}`,
    number: `N${id}`,
    custodian: 'Larch Trust',
    clientId: firm,
  }));

const answerTo = (firm: number, path: string): unknown => {
  if (path === '/security/token') return { access_token: `session-${firm}`, expires_in: 36_000 };
  if (path === '/Portfolio/Clients') return [{ id: firm, name: `Household ${firm}` }];
  if (path === '/Portfolio/Accounts') return accounts(firm);
  return path === '/Portfolio/Assets' ? assets(firm) : null;
};

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, firm, path] = /^\/firm\/(\d+)(\/.*)$/.exec(url.pathname) ?? [];
  const answer = firm === undefined || path === undefined ? null : answerTo(Number(firm), path);
  // A page behind the first begins with its last record, and holds nothing else.
  const skip = Number(url.searchParams.get('$skip') ?? 0);
  const page = Array.isArray(answer) ? answer.slice(skip) : answer;
  response.writeHead(page === null ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '');
});
process.stdin.on('end', () => process.exit(0)).resume();
