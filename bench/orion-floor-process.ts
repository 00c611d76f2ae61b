import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { removeFolder, tempFolder } from './bench-app.ts';
import type { SandboxAddress } from './sandbox-process.ts';

/** What the floor reads: lists up to their `$top`, `first` once for their cost, then every page of `list` into a table. */
export interface FloorRequest {
  readonly baseUrl: string;
  readonly credentials: SandboxAddress['orion']['credentials'];
  readonly top: number;
  readonly first: readonly string[];
  readonly list: string;
  /** Members that are inserted; none: the pages are fetched and parsed only. */
  readonly columns: readonly string[];
  readonly file: string;
}

/** Runs the floor in a process of its own; answers its milliseconds. */
export function orionFloor({ orion }: SandboxAddress, what: Pick<FloorRequest, 'top' | 'first' | 'list' | 'columns'>): number {
  const folder = tempFolder();
  const { baseUrl, credentials } = orion;
  const request: FloorRequest = { baseUrl, credentials, ...what, file: join(folder, 'floor.db') };
  try {
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'orion-floor.ts'), JSON.stringify(request)], {
      encoding: 'utf8',
    });
    return (JSON.parse(printed) as { seconds: number }).seconds * 1000;
  } finally {
    removeFolder(folder);
  }
}
