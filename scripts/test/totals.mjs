/** @typedef {{ passed: number, failed: number, skipped: readonly string[] }} Totals */

const IN_BROWSER = /^(tests\/e2e\b|.*\.e2e\.ts)/;

/**
 * Which runner gets which arguments; null for a runner that nothing was asked of. Without a filter both run; options
 * go to Vitest, with which most of them are shared.
 * @param {readonly string[]} args @returns {{ vitest: string[] | null, playwright: string[] | null }}
 */
export function splitTestArguments(args) {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  const filters = firstOption === -1 ? args : args.slice(0, firstOption);
  const options = firstOption === -1 ? [] : args.slice(firstOption);
  const inBrowser = filters.filter((filter) => IN_BROWSER.test(filter));
  const others = filters.filter((filter) => !IN_BROWSER.test(filter));
  if (filters.length === 0) return { vitest: options, playwright: options.length === 0 ? [] : null };
  return {
    vitest: others.length === 0 ? null : [...others, ...options],
    playwright: inBrowser.length === 0 ? null : [...inBrowser, ...(others.length === 0 ? options : [])],
  };
}

/** @param {readonly Totals[]} parts @returns {Totals} */
export const combineTotals = (parts) => ({
  passed: parts.reduce((sum, part) => sum + part.passed, 0),
  failed: parts.reduce((sum, part) => sum + part.failed, 0),
  skipped: parts.flatMap((part) => part.skipped),
});
