import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingFromLock } from './packages/missing-from-lock.mjs';
import { ROOT } from './setup/root.mjs';

const missing = missingFromLock(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
for (const { name, range, wantedBy } of missing)
  console.error(`package-lock.json has no ${name}@${range}, which ${wantedBy} asks for.`);
console.log(
  missing.length === 0
    ? 'package-lock.json is complete for every platform.'
    : `${missing.length} packages are missing from package-lock.json.`,
);
process.exitCode = missing.length === 0 ? 0 : 1;
