import { api } from './api.ts';
import { bulkResolve } from './bulk-resolve.ts';
import { concurrent } from './concurrent.ts';
import { queries } from './queries.ts';
import { resync } from './resync.ts';
import { start } from './start.ts';
import { syncHoldings } from './sync-holdings.ts';
import { syncTransactions } from './sync-transactions.ts';
import { grid } from './grid.ts';
import { reconcile } from './reconcile.ts';

/** A benchmark takes its options as text and answers figures; times in the unit their name ends with. */
type Bench = (options: Readonly<Record<string, string>>) => Promise<object>;

const benches: Readonly<Record<string, Bench>> = {
  api,
  'bulk-resolve': bulkResolve,
  concurrent,
  grid,
  queries,
  reconcile,
  resync,
  start,
  'sync-holdings': syncHoldings,
  'sync-transactions': syncTransactions,
};

function parse(args: readonly string[]): { name: string; options: Record<string, string> } {
  const [name = '', ...rest] = args;
  const options: Record<string, string> = {};
  for (let i = 0; i < rest.length; i += 2) {
    const key = rest[i] ?? '';
    const value = rest[i + 1];
    if (!key.startsWith('--') || value === undefined) throw new Error(`Expected --option VALUE, found ${key}.`);
    options[key.slice(2)] = value;
  }
  return { name, options };
}

const { name, options } = parse(process.argv.slice(2));
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (!bench) {
  console.error(`Usage: npm run --silent bench -- NAME [--option VALUE]\nNames: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
console.log(JSON.stringify({ bench: name, ...(await bench(options)) }));
