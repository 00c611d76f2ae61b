import type { Clock } from '../ports/clock.ts';
import type { RunJob } from '../store/job.ts';
import type { OutageJobs } from './outage-jobs.ts';

export interface OutageWatchParts {
  readonly run: RunJob<OutageJobs>;
  /** Whether anything at all answers at an address; asked without credentials. */
  readonly reaches: (origin: string) => Promise<boolean>;
  /** False when the system itself says that there is no network. */
  readonly systemOnline: () => boolean;
  readonly clock: Pick<Clock, 'sleep'>;
  /** The network went or came back. */
  readonly onChange: (online: boolean) => void;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface OutageWatch {
  /** Asked after a platform could not be reached: is it the network, rather than this platform? */
  isLost(address: string): Promise<boolean>;
  /** A platform answered, so the network is there. */
  answered(): Promise<void>;
  /** Goes on with an outage that an earlier run of the program noted. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 30_000;

const isLocal = (address: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(URL.parse(address)?.hostname ?? '');

/**
 * Tells an outage of the network from one of a platform: the system says there is none, or none of two or more platforms
 * can be reached. While it lasts it looks every half minute whether one answers again.
 */
export function createOutageWatch({ run, reaches, systemOnline, clock, onChange, log }: OutageWatchParts): OutageWatch {
  const stopping = new AbortController();
  let lost = false;
  let watching: Promise<void> = Promise.resolve();

  /** An address that the system can reach at all is asked; the others are not there. */
  const asks = (address: string): Promise<boolean> =>
    systemOnline() || isLocal(address) ? reaches(address) : Promise.resolve(false);

  async function anyAnswers(): Promise<{ readonly asked: number; readonly any: boolean }> {
    const addresses = await run('network/addresses', undefined);
    const answers = await Promise.all(addresses.map(asks));
    return { asked: addresses.length, any: answers.includes(true) };
  }

  async function look(): Promise<void> {
    try {
      if ((await anyAnswers()).any) await back();
    } catch (error) {
      log.error('whether the network is back could not be looked at', { error });
    }
  }

  async function watch(): Promise<void> {
    while (lost && !stopping.signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, stopping.signal).catch(() => undefined);
      if (lost && !stopping.signal.aborted) await look();
    }
  }

  async function back(): Promise<void> {
    if (!lost) return;
    lost = false;
    await run('network/back', undefined);
    onChange(true);
  }

  async function begin(): Promise<void> {
    if (lost) return;
    lost = true;
    await run('network/lost', undefined);
    onChange(false);
    watching = watch();
  }

  return {
    async isLost(address) {
      const systemSaysSo = !systemOnline() && !isLocal(address);
      if (!systemSaysSo) {
        const { asked, any } = await anyAnswers();
        if (any || asked < 2) return false;
      }
      await begin();
      return true;
    },
    answered: () => back(),
    async start() {
      if ((await run('network/since', undefined)) === null) return;
      lost = true;
      // The program does not wait for hosts that may not answer.
      watching = look().then(watch);
    },
    stop: () => {
      stopping.abort();
      return watching;
    },
  };
}
