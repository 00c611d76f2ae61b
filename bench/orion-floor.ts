import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { FloorRequest } from './orion-floor-process.ts';

/**
 * The least a program could do with the same bytes: sign in, fetch the same pages, JSON.parse, one bare prepared insert a
 * row (unless only fetching and parsing is asked for), one transaction. Runs as a process of its own and prints its seconds.
 */
interface Item {
  readonly [member: string]: string | number | boolean | null;
}

const { baseUrl, credentials, top, first, list, columns, file } = JSON.parse(process.argv[2] ?? '{}') as FloorRequest;
const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
const named = columns.length === 0 ? ['none'] : columns;
db.exec(`CREATE TABLE items (${named.map((c) => `"${c}" TEXT`).join(', ')})`);
const insert = db.prepare(`INSERT INTO items VALUES (${named.map(() => '?').join(', ')})`);

const started = performance.now();
const signIn = await fetch(`${baseUrl}/security/token`, {
  headers: {
    authorization: `Basic ${basic}`,
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    accept: 'application/json',
  },
});
const { access_token: token } = (await signIn.json()) as { access_token: string };
const get = async (path: string): Promise<Item[]> => {
  const answer = await fetch(`${baseUrl}${path}`, { headers: { authorization: `Session ${token}`, accept: 'application/json' } });
  return JSON.parse(await answer.text()) as Item[];
};
for (const path of first) await get(`${path}$top=${top}&$skip=0`);
let rows = 0;
db.exec('BEGIN');
for (;;) {
  const page = await get(`${list}$top=${top}&$skip=${rows}`);
  for (const item of columns.length === 0 ? [] : page)
    insert.run(...columns.map((c) => (item[c] === undefined || item[c] === null ? null : String(item[c]))));
  rows += page.length;
  if (page.length < top) break;
}
db.exec('COMMIT');
const seconds = (performance.now() - started) / 1000;
db.close();
rmSync(file, { force: true });
console.log(JSON.stringify({ seconds, rows }));
