import { useStore } from 'zustand';
import { useRuntime } from '../app/runtime.tsx';
import type { Place } from './router.ts';

/** Where the person is: path and query of the address. */
export const usePlace = (): Place => useStore(useRuntime().router.store);

/** One member of the query, null when absent. */
export const useParam = (name: string): string | null => usePlace().search.get(name);
