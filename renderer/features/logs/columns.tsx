import { Bug, CircleX, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { LOG_LEVELS } from '../../../shared/contract/logs.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { formatMoment } from '../../format/time.ts';
import { choicesOf, type GridColumn } from '../../grid/column.ts';
import type { LogLevel } from './question.ts';
import type { LogLine } from './use-log-lines.ts';

export const LEVEL_NAME: Readonly<Record<LogLevel, string>> = {
  debug: 'Fine',
  info: 'Info',
  warn: 'Warning',
  error: 'Error',
};
const LEVEL_TONE: Readonly<Record<LogLevel, Tone>> = { debug: 'plain', info: 'clearway', warn: 'wait', error: 'bad' };
const LEVEL_ICON: Readonly<Record<LogLevel, ReactNode>> = {
  debug: <Bug size={14} aria-hidden />,
  info: <Info size={14} aria-hidden />,
  warn: <TriangleAlert size={14} aria-hidden />,
  error: <CircleX size={14} aria-hidden />,
};

export const LevelBadge = ({ level }: { readonly level: LogLevel }) => (
  <Badge tone={LEVEL_TONE[level]} icon={LEVEL_ICON[level]}>
    {LEVEL_NAME[level]}
  </Badge>
);

export type LogColumn = 'at' | 'level' | 'message' | 'operationId' | 'requestId' | 'userId';

/** What happened, and what the error says where there is one. */
const whatHappened = ({ message, errors }: LogLine): string =>
  errors[0] === undefined ? message : `${message}: ${errors[0].message}`;

// The order is the order of time, and what is shown is asked of the program: nothing is sorted or filtered here.
const FIXED = { sortable: false, filterable: false } as const;

export const LOG_GRID: readonly GridColumn<LogLine, LogColumn>[] = [
  { id: 'at', header: 'When', kind: 'text', value: ({ at }) => formatMoment(at), width: 200, ...FIXED },
  {
    id: 'level',
    header: 'Level',
    kind: 'choice',
    value: ({ level }) => level,
    choices: choicesOf(LOG_LEVELS, LEVEL_NAME),
    show: ({ level }) => <LevelBadge level={level} />,
    width: 96,
    ...FIXED,
  },
  { id: 'message', header: 'What happened', kind: 'text', value: whatHappened, width: 420, grows: true, ...FIXED },
  { id: 'operationId', header: 'Sync', kind: 'identifier', value: ({ operationId }) => operationId, width: 64, ...FIXED },
  { id: 'requestId', header: 'Call', kind: 'identifier', value: ({ requestId }) => requestId, width: 96, ...FIXED },
  { id: 'userId', header: 'Who', kind: 'text', value: ({ userId }) => userId, width: 80, ...FIXED },
];
