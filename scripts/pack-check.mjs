import { setUp } from './setup.mjs';
import { secondsSince, stop } from './setup/progress.mjs';
import { ROOT } from './setup/root.mjs';

try {
  const node = await setUp({ build: true });
  // Packing tools are packages: they can be loaded only after the setup.
  const { tryPacking } = await import('./packaging/pack.mjs');
  for (const system of /** @type {const} */ (['linux', 'win'])) {
    const began = Date.now();
    const problems = await tryPacking(ROOT, node, system);
    for (const problem of problems) console.error(`${system}: ${problem}`);
    console.log(
      `${system}: ${problems.length === 0 ? 'packs what it should' : `${problems.length} problems`} (${secondsSince(began)})`,
    );
    if (problems.length > 0) process.exitCode = 1;
  }
} catch (error) {
  stop(error);
}
