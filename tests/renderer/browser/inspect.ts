import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from 'vitest';
import type { Visit, Workbench } from './workbench.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds, of all rules or of some. Rows beyond the tenth are left out: they are the same elements again. */
export const violations = async (page: Page, rules?: readonly string[]): Promise<string[]> => {
  const axe = new AxeBuilder({ page }).exclude('.ag-row:nth-child(n + 10)');
  const { violations: found } = await (rules === undefined ? axe.withTags(TAGS) : axe.withRules([...rules])).analyze();
  return found.map(
    (violation) =>
      `${violation.id}: ${violation.nodes
        .map((node) => node.target.join(' '))
        .slice(0, 4)
        .join(' | ')}`,
  );
};

/** Opens a place, does something there, and expects neither violations nor a single console message. */
export const expectClean = async (
  workbench: Workbench,
  path: string,
  options: Parameters<Workbench['visit']>[1],
  act: (visit: Visit) => Promise<unknown>,
): Promise<void> => {
  const visit = await workbench.visit(path, options);
  try {
    await act(visit);
    // The dark theme changes colours only, and each of its states stands in light too.
    expect(await violations(visit.page, options?.theme === 'dark' ? ['color-contrast'] : undefined)).toEqual([]);
    expect(visit.complaints).toEqual([]);
  } finally {
    await visit.context.close();
  }
};
