import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../main/ports/clock.ts';
import { createNodeHttp } from '../../main/ports/http-node.ts';
import { createOutageWatch } from '../../main/sync/outage-watch.ts';
import { outageJobs, outageNow } from '../../main/sync/outage-jobs.ts';
import { createReach } from '../../main/sync/reach.ts';
import { handClock, jobBook } from './job-book.ts';

/** A network with hosts that answer or do not, two of which are platforms in the book. */
function network(hosts = ['https://orion.example', 'https://addepar.example']) {
  const clock = handClock('2026-11-20T06:00:00.000Z');
  const { db, run } = jobBook(clock);
  for (const [i, host] of hosts.entries())
    db.prepare(
      "INSERT INTO connections (platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES ('orion', ?, ?, 1, '', '')",
    ).run(`River ${i}`, `${host}/api/v1`);
  const answering = new Set(hosts);
  const heard: boolean[] = [];
  const asked: string[] = [];
  let online = true;
  const make = () => {
    const watch = createOutageWatch({
      run: run(outageJobs),
      reaches: async (origin) => {
        asked.push(origin);
        return answering.has(origin);
      },
      systemOnline: () => online,
      clock,
      onChange: (now) => heard.push(now),
      log: { error: () => undefined },
    });
    onTestFinished(() => watch.stop());
    return watch;
  };
  return { clock, answering, heard, asked, make, system: (is: boolean) => (online = is), since: () => outageNow(db) };
}

test('one platform that does not answer is no outage while another does', async () => {
  const { make, answering, since } = network();
  answering.delete('https://orion.example');
  expect(await make().isLost('https://orion.example/api/v1')).toBe(false);
  expect(since()).toBe(null);
});

test('when no platform answers the network is gone, until the first one answers again', async () => {
  const { make, answering, heard, clock, since } = network();
  answering.clear();
  const watch = make();
  expect(await watch.isLost('https://orion.example/api/v1')).toBe(true);
  expect([since(), heard]).toEqual(['2026-11-20T06:00:00.000Z', [false]]);
  await clock.pass(30_000);
  answering.add('https://addepar.example');
  await clock.pass(29_999);
  expect(heard).toEqual([false]);
  await clock.pass(1);
  expect([since(), heard]).toEqual([null, [false, true]]);
});

test('one connection alone cannot tell the two apart, unless the system says that there is no network', async () => {
  const { make, answering, system, asked } = network(['https://orion.example']);
  answering.clear();
  const watch = make();
  expect(await watch.isLost('https://orion.example')).toBe(false);
  system(false);
  expect(await watch.isLost('http://127.0.0.1:4000')).toBe(false);
  expect(asked).toEqual(['https://orion.example']);
  expect(await watch.isLost('https://orion.example')).toBe(true);
});

test('an outage goes on over a restart and ends with what answers then', async () => {
  const first = network();
  first.answering.clear();
  const watch = first.make();
  await watch.isLost('https://orion.example');
  await watch.stop();
  await first.make().start();
  await first.clock.pass(0);
  expect(first.since()).toBe('2026-11-20T06:00:00.000Z');
  first.answering.add('https://orion.example');
  await first.make().start();
  await first.clock.pass(0);
  expect([first.since(), first.heard]).toEqual([null, [false, true]]);
});

test('any answer over HTTP shows that a host is there, and a closed port that it is not', async () => {
  const server = createServer((_request, answer) => answer.writeHead(503).end('later'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const http = createNodeHttp();
  onTestFinished(() => http.close());
  const reaches = createReach(http, systemClock);
  expect(await reaches(origin)).toBe(true);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await reaches(origin)).toBe(false);
});
