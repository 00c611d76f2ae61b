import { ConnectorError } from '../connector.ts';

/** The one error of this folder: the file as a whole cannot be read. `line` is 1-based; null when no line is at fault. */
export const unreadable = (line: number | null, sentence: string): ConnectorError =>
  new ConnectorError('bad_response', line === null ? sentence : `Line ${line}: ${sentence}`);
