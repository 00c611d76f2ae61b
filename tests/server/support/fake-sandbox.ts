// Stands in for the demo firm: SANDBOX says how it behaves, and it ends when its standard input does.
const behaviour = process.env['SANDBOX'] ?? 'ready';
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
if (behaviour === 'dies') {
  process.stderr.write('no room\n');
  process.exit(7);
}
if (behaviour === 'nonsense') process.stdout.write('hello\n');
if (behaviour === 'ready') process.stdout.write(`${JSON.stringify({ args: process.argv.slice(2), pid: process.pid })}\n`);
