import { expect } from 'vitest';
import { violations, violationsInBothThemes } from '../../support/violations.ts';
import type { Visit, Workbench } from './workbench.ts';

/**
 * Opens a place, does something there, and expects neither violations nor a single console message: in both themes, or as
 * the options say.
 */
export const expectClean = async (
  workbench: Workbench,
  path: string,
  options: Parameters<Workbench['visit']>[1] = {},
  act: (visit: Visit) => Promise<unknown>,
): Promise<void> => {
  const { theme, contrast, forcedColors, zoom } = options;
  const visit = await workbench.visit(path, options);
  try {
    await act(visit);
    const inOne = theme ?? contrast ?? forcedColors ?? zoom;
    const found = inOne === undefined ? violationsInBothThemes(visit.page) : violations(visit.page);
    expect(await found).toEqual([]);
    expect(visit.complaints).toEqual([]);
  } finally {
    await visit.context.close();
  }
};
