import { spawnSync } from 'node:child_process';

/** What `promtool` says with this input; null where it is not installed. */
export function promtool(args: readonly string[], input = ''): { readonly code: number | null; readonly said: string } | null {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  if (error && 'code' in error && error.code === 'ENOENT') return null;
  return { code: status, said: stdout + stderr };
}

/** The sentence that stands in the place of a check that could not be made. */
export const WITHOUT_PROMTOOL = 'promtool (Debian package prometheus) is not installed; its check was left out';
