import type { RenderProcessGoneDetails } from 'electron';

const WINDOW_MS = 60_000;
const RELOADS = 3;

/** What to do after the page's process is gone: nothing, load the page again, or ask the person. */
export type CrashAnswer = 'nothing' | 'reload' | 'ask';

/**
 * Decides what follows a lost page. The program and its book live in another process, so loading the page again is safe;
 * a page that is lost more than three times in a minute would only flicker, so then a person is asked.
 */
export function createCrashPolicy(clock: { monotonicMs(): number }): (reason: RenderProcessGoneDetails['reason']) => CrashAnswer {
  let recent: number[] = [];
  return (reason) => {
    if (reason === 'clean-exit') return 'nothing';
    if (reason === 'launch-failed' || reason === 'integrity-failure') return 'ask';
    const now = clock.monotonicMs();
    recent = [...recent.filter((at) => now - at < WINDOW_MS), now];
    return recent.length > RELOADS ? 'ask' : 'reload';
  };
}
