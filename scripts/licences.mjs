import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZONES } from './boundaries/table.mjs';
import { enterpriseNames } from './packages/enterprise-names.mjs';
import { enterpriseUsage } from './packages/grid-usage.mjs';
import { enterprisePackages, licenceProblems, shippedPlaces } from './packages/shipped.mjs';
import { ROOT } from './setup/root.mjs';
import { CODE, sourceFiles } from './source-files.mjs';

const read = (/** @type {string} */ file) => readFileSync(join(ROOT, file), 'utf8');
const lock = JSON.parse(read('package-lock.json'));
// What the zones of the program may import is what the bundles can hold; the rest serves development.
const imported = ZONES.flatMap(({ packages }) => packages).filter((name) => name !== '**');
const shipped = shippedPlaces(lock, [...Object.keys(JSON.parse(read('package.json')).dependencies), ...imported]);
const names = enterpriseNames(ROOT);
const usage = sourceFiles(ROOT, CODE)
  .filter((file) => file.startsWith('renderer/'))
  .flatMap((file) =>
    enterpriseUsage(file, read(file), names).map(
      ({ line, name }) => `${file}:${line} ${name} needs AG Grid's commercial edition.`,
    ),
  );

const problems = [...licenceProblems(lock, shipped), ...enterprisePackages(lock), ...usage];
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? `${shipped.length} shipped packages have an allowed licence.` : `${problems.length} licence problems.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
