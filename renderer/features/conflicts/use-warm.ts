import { useEffect, useRef } from 'react';
import { useRuntime } from '../../app/runtime.tsx';

/** Keeps these conflicts loaded, so that the next one is there before it is asked for. */
export const useWarm = (ids: readonly string[]): void => {
  const { queries } = useRuntime();
  const held = useRef(new Map<string, () => void>());
  const wanted = ids.join(' ');

  useEffect(() => {
    const list = wanted === '' ? [] : wanted.split(' ');
    // Takes hold of the new ones before it lets go of the old ones: what stays wanted is not asked for again.
    for (const id of list) if (!held.current.has(id)) held.current.set(id, queries.observe('conflicts.get', { id }));
    for (const [id, release] of held.current) {
      if (list.includes(id)) continue;
      held.current.delete(id);
      release();
    }
  }, [queries, wanted]);

  useEffect(() => {
    const all = held.current;
    return () => {
      for (const release of all.values()) release();
      all.clear();
    };
  }, [queries]);
};
