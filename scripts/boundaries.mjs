import { checkFiles, describeViolation } from './boundaries/check.mjs';
import { ROOT } from './setup/root.mjs';
import { CODE, sourceFiles } from './source-files.mjs';

const files = sourceFiles(ROOT, CODE);
const violations = checkFiles(ROOT, files);
for (const violation of violations) console.error(describeViolation(violation));
console.log(
  violations.length === 0 ? `${files.length} files keep to the import table.` : `${violations.length} imports break the table.`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
