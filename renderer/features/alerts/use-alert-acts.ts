import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { counted } from '../../format/amount.ts';

export interface AlertActs {
  readonly acknowledge: (ids: readonly string[], note: string) => Promise<boolean>;
  readonly snooze: (ids: readonly string[], until: string, note: string) => Promise<boolean>;
  readonly reopen: (ids: readonly string[]) => Promise<boolean>;
  readonly running: boolean;
}

/** What a person does with alerts. What happened is said once, with a way back. */
export const useAlertActs = (): AlertActs => {
  const { toasts } = useRuntime();
  const acknowledge = useCommand('alerts.acknowledge');
  const snooze = useCommand('alerts.snooze');
  const reopen = useCommand('alerts.reopen');

  const takeBack = async (ids: readonly string[]): Promise<boolean> => {
    const result = await reopen.run({ ids: [...ids] });
    if (result.ok) toasts.show({ text: `${counted(result.value.changed, 'alert')} open again.` });
    else toasts.show({ kind: 'bad', text: result.failure.message, requestId: result.failure.requestId });
    return result.ok;
  };
  const say = (result: Awaited<ReturnType<typeof acknowledge.run>>, ids: readonly string[], what: string): boolean => {
    if (!result.ok) {
      toasts.show({ kind: 'bad', text: result.failure.message, requestId: result.failure.requestId });
      return false;
    }
    const { changed } = result.value;
    if (changed === 0) toasts.show({ text: 'Nothing changed: they are closed, or stand so already.' });
    else
      toasts.show({
        kind: 'good',
        text: `${counted(changed, 'alert')} ${what}.`,
        action: { label: 'Undo', run: () => void takeBack(ids) },
      });
    return true;
  };

  return {
    acknowledge: async (ids, note) => say(await acknowledge.run({ ids: [...ids], note }), ids, 'acknowledged'),
    snooze: async (ids, until, note) => say(await snooze.run({ ids: [...ids], until, note }), ids, 'snoozed'),
    reopen: takeBack,
    running: acknowledge.running || snooze.running || reopen.running,
  };
};
