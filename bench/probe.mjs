import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

// Loaded into the measured program before its own code: answers over the parent's channel how the thread that serves fared
// since it was last asked, and the most memory the process held.
if (isMainThread && process.channel) {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  process.on('message', () => {
    const loopP99Ms = Math.round(loop.percentile(99) / 10_000) / 100;
    loop.reset();
    process.send?.({ loopP99Ms, rssMiB: Math.round(process.resourceUsage().maxRSS / 1024) });
  });
  process.channel.unref();
}
