import { pino } from 'pino';
import type { LOG_LEVELS } from '../../shared/contract/logs.ts';
import { createRedactor } from './redact.ts';

export type LogDetails = Readonly<Record<string, unknown>>;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Logger {
  debug(message: string, details?: LogDetails): void;
  info(message: string, details?: LogDetails): void;
  warn(message: string, details?: LogDetails): void;
  error(message: string, details?: LogDetails): void;
  /** The same log with these facts on every line. */
  child(details: LogDetails): Logger;
  /** From now on this text never reaches the log. Call it with every secret as soon as it is known. */
  registerSecret(secret: string): void;
}

export interface LoggerOptions {
  /** Now as UTC ISO text. */
  readonly now: () => string;
  /** Takes one JSON line with its line end. Absent: stderr. */
  readonly write?: (line: string) => void;
  /** Least level written; `info` when absent. */
  readonly level?: LogLevel;
}

/** JSON lines `{ level, time, message, ... }` with secrets and account numbers taken out by key and by value. */
export const createLogger = (options: LoggerOptions): Logger => {
  const redactor = createRedactor();
  const { write } = options;
  const destination = write === undefined ? pino.destination({ dest: 2, sync: true }) : { write };
  const sink = pino(
    {
      base: null,
      level: options.level ?? 'info',
      messageKey: 'message',
      timestamp: () => `,"time":"${options.now()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );

  const face = (common: LogDetails): Logger => {
    const at =
      (level: LogLevel) =>
      (message: string, details: LogDetails = {}) => {
        if (!sink.isLevelEnabled(level)) return;
        // Under their own member, so that a detail called "level" or "message" cannot stand in for the real one.
        const facts = { ...common, ...details };
        const safe = Object.keys(facts).length === 0 ? {} : { details: redactor.value(facts) };
        sink[level](safe, redactor.text(message));
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (details) => face({ ...common, ...details }),
      registerSecret: redactor.register,
    };
  };
  return face({});
};
