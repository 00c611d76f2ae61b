import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

/** `npm run simulate -- --seeds N --from S [--steps N] [--trace]`: runs seeds one after another until one fails. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const from = Number(values.from);
const seeds = Number(values.seeds);
const began = performance.now();
let [crashes, decisions, syncs] = [0, 0, 0];
try {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const result = await simulate({ seed, ...(values.steps === undefined ? {} : { steps: Number(values.steps) }) });
    crashes += result.crashes;
    decisions += result.decisions;
    syncs += result.completedSyncs;
    if (values.trace) console.log(result.trace.join('\n'));
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${seeds} seeds held in ${seconds} s: ${crashes} crashes, ${decisions} decisions, ${syncs} completed syncs.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
