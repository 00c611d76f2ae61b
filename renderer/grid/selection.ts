/** Which rows are chosen: some by id, or everything that matches except some. */
export type Selection =
  | { readonly mode: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly mode: 'all'; readonly except: ReadonlySet<string> };

export const NOTHING: Selection = { mode: 'some', ids: new Set() };
export const EVERYTHING: Selection = { mode: 'all', except: new Set() };

export const isChosen = (selection: Selection, id: string): boolean =>
  selection.mode === 'some' ? selection.ids.has(id) : !selection.except.has(id);

const withId = (ids: ReadonlySet<string>, id: string, present: boolean): ReadonlySet<string> => {
  const next = new Set(ids);
  if (present) next.add(id);
  else next.delete(id);
  return next;
};

/** The selection after one row was chosen or let go. */
export const choose = (selection: Selection, id: string, chosen: boolean): Selection =>
  selection.mode === 'some'
    ? { mode: 'some', ids: withId(selection.ids, id, chosen) }
    : { mode: 'all', except: withId(selection.except, id, !chosen) };

/** How many rows are chosen of `total` that match. */
export const chosenCount = (selection: Selection, total: number): number =>
  selection.mode === 'some' ? selection.ids.size : Math.max(0, total - selection.except.size);
