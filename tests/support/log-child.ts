import { createHostLog } from '../../main/observability/host-log.ts';
import { systemClock } from '../../main/ports/clock.ts';

// Writes lines as a host does and ends in the way it is told, without waiting for anything.
const [folder = '', count = '0', how = 'exit'] = process.argv.slice(2);
const log = createHostLog(systemClock.now);
process.on('exit', log.flushSync);
process.on('uncaughtExceptionMonitor', (error) => log.logger.error('An unexpected failure', { error }));
log.files.open(folder);
for (let line = 1; line <= Number(count); line += 1) log.logger.debug('A line', { line });
if (how === 'throw') throw new Error('The end', { cause: new Error('What led to it') });
if (how === 'exit') process.exit(3);
// Told apart from the line before: half of a line, as a death in the middle of a write leaves it.
await log.files.drained();
process.stdout.write('written\n');
await new Promise(() => setInterval(() => undefined, 1_000));
