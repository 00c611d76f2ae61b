import type { CallInput } from '../../../shared/contract/index.ts';
import type { Selection } from '../../grid/selection.ts';
import type { Question } from './views.ts';

export type ConflictSelection = CallInput<'conflicts.resolve'>['selection'];

/** The chosen rows of the list as decisions take them; null when none are chosen. */
export const toConflictSelection = (selection: Selection, question: Question): ConflictSelection | null => {
  if (selection.mode === 'all') return { matching: question, except: [...selection.except] };
  return selection.ids.size === 0 ? null : { ids: [...selection.ids] };
};
