import { setUp } from './setup.mjs';
import { projectEnv } from './setup/node-24.mjs';
import { runPassedThrough } from './setup/passed-through.mjs';
import { SetupError, stop } from './setup/progress.mjs';
import { ROOT } from './setup/root.mjs';

// run.mjs [--build] FILE.ts ARGUMENTS: sets the project up, then runs a TypeScript file on Node 24.
const args = process.argv.slice(2);
const build = args[0] === '--build';
const [file, ...rest] = build ? args.slice(1) : args;
try {
  if (file === undefined) throw new SetupError('Name the file to run, such as: node scripts/run.mjs main/sandbox/cli.ts');
  const node = await setUp({ build });
  process.exitCode = await runPassedThrough(node, [file, ...rest], { cwd: ROOT, env: projectEnv(ROOT) });
} catch (error) {
  stop(error);
}
