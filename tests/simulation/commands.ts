import type { App } from '../../main/app.ts';
import { AppError, type CallInput, type Output, type ProcedureName } from '../../shared/contract/index.ts';
import type { World } from './world.ts';

/** A call that a person made, and what is known of it. `unknown`: the program died before it answered. */
export interface Command {
  readonly requestId: string;
  readonly by: string;
  readonly name: ProcedureName;
  readonly input: unknown;
  state: 'under way' | 'acknowledged' | 'refused' | 'unknown';
  output: unknown;
}

export interface Desk {
  readonly commands: Command[];
  /** Calls as somebody; null where the program refused for a reason it declares. Any other failure ends the run. */
  call<N extends ProcedureName>(by: string, name: N, input: CallInput<N>): Promise<Output<N> | null>;
  /** The program is gone: whoever still waits for an answer will not get one. */
  lost(): void;
}

/** The people of the firm at their screens: every call goes through the dispatcher and is remembered. */
export function createDesk(parts: {
  readonly app: () => App;
  readonly world: World;
  readonly onBroken: (what: string) => void;
}): Desk {
  const commands: Command[] = [];
  return {
    commands,
    async call<N extends ProcedureName>(by: string, name: N, input: CallInput<N>) {
      const command: Command = {
        requestId: `desk-${commands.length + 1}`,
        by,
        name,
        input,
        state: 'under way',
        output: null,
      };
      commands.push(command);
      try {
        const context = { requestId: command.requestId, actor: { id: by, name: by, role: 'admin' as const } };
        command.output = await parts.app().dispatch(name, input, context);
        command.state = 'acknowledged';
        return command.output as Output<N>;
      } catch (error) {
        command.state = 'refused';
        const code = error instanceof AppError ? error.code : 'not an answer';
        if (code === 'internal' || code === 'invalid_input' || code === 'not an answer')
          parts.onBroken(
            `${name} answered ${code}: ${String(error)} ${error instanceof Error && error.cause ? String(error.cause) : ''}`,
          );
        parts.world.note(`${by}: ${name} refused, ${code}`);
        return null;
      }
    },
    lost() {
      for (const command of commands) if (command.state === 'under way') command.state = 'unknown';
    },
  };
}
