import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from 'vitest';
import type { Visit, Workbench } from './workbench.ts';

/** What axe finds. Rows beyond the tenth are left out: they are the same elements again. */
export const violations = async (page: Page): Promise<string[]> => {
  const { violations: found } = await new AxeBuilder({ page })
    .exclude('.ag-row:nth-child(n + 10)')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
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
    expect(await violations(visit.page)).toEqual([]);
    expect(visit.complaints).toEqual([]);
  } finally {
    await visit.context.close();
  }
};
