import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/**
 * The least a program could do with the same bytes: sign in, fetch the same lists and transactions, JSON.parse, one bare
 * prepared insert a row, one transaction. Runs as a process of its own and prints its seconds.
 */
interface Item {
  readonly [member: string]: string | number | boolean | null;
}

const [baseUrl = '', username = '', password = '', clientId = '', clientSecret = '', top = '', query = '', file = ''] =
  process.argv.slice(2);
const basic = Buffer.from(`${username}:${password}`).toString('base64');
const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
const columns = [
  'id',
  'accountId',
  'productId',
  'type',
  'financialType',
  'transDate',
  'settleDate',
  'transAmount',
  'noUnits',
  'navPrice',
  'transactionDescription',
  'status',
  'editedDate',
];
db.exec(`CREATE TABLE transactions (${columns.map((c) => `"${c}" TEXT`).join(', ')})`);
const insert = db.prepare(`INSERT INTO transactions VALUES (${columns.map(() => '?').join(', ')})`);

const started = performance.now();
const signIn = await fetch(`${baseUrl}/security/token`, {
  headers: { authorization: `Basic ${basic}`, client_id: clientId, client_secret: clientSecret, accept: 'application/json' },
});
const { access_token: token } = (await signIn.json()) as { access_token: string };
const get = async (path: string): Promise<Item[]> => {
  const answer = await fetch(`${baseUrl}${path}`, { headers: { authorization: `Session ${token}`, accept: 'application/json' } });
  return JSON.parse(await answer.text()) as Item[];
};
await get(`/Portfolio/Clients?$top=${top}&$skip=0`);
await get(`/Portfolio/Accounts?$top=${top}&$skip=0`);
await get(`/Portfolio/Assets?hasValue=true&includeCostBasis=true&$top=${top}&$skip=0`);
let rows = 0;
db.exec('BEGIN');
for (;;) {
  const page = await get(`/Portfolio/Transactions?${query}&$top=${top}&$skip=${rows}`);
  for (const item of page)
    insert.run(...columns.map((c) => (item[c] === undefined || item[c] === null ? null : String(item[c]))));
  rows += page.length;
  if (page.length < Number(top)) break;
}
db.exec('COMMIT');
const seconds = (performance.now() - started) / 1000;
db.close();
rmSync(file, { force: true });
console.log(JSON.stringify({ seconds, rows }));
