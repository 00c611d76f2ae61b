import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Place {
  readonly path: string;
  readonly search: URLSearchParams;
}

export interface Router {
  readonly store: StoreApi<Place>;
  /** Goes to a path with query, as a new entry of the history, or in place of the present one. */
  go(href: string, options?: { readonly replace?: boolean }): void;
  /** Changes members of the query; null removes one. */
  set(params: Readonly<Record<string, string | null>>, options?: { readonly replace?: boolean }): void;
}

const readPlace = (view: Window): Place => ({
  path: view.location.pathname.replace(/(.)\/+$/, '$1'),
  search: new URLSearchParams(view.location.search),
});

/** The address bar as the one truth about where the person is; back and forward work. */
export const createRouter = (view: Window): Router => {
  const store = createStore<Place>(() => readPlace(view));
  view.addEventListener('popstate', () => store.setState(readPlace(view)));

  const go: Router['go'] = (href, options) => {
    const target = new URL(href, view.location.href);
    if (target.origin !== view.location.origin) return;
    const address = target.pathname + target.search;
    if (address === view.location.pathname + view.location.search) return;
    if (options?.replace === true) view.history.replaceState(null, '', address);
    else view.history.pushState(null, '', address);
    store.setState(readPlace(view));
  };

  return {
    store,
    go,
    set: (params, options) => {
      const search = new URLSearchParams(store.getState().search);
      for (const [name, value] of Object.entries(params)) {
        if (value === null) search.delete(name);
        else search.set(name, value);
      }
      const query = search.toString();
      go(store.getState().path + (query === '' ? '' : `?${query}`), options);
    },
  };
};
