import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const at = (path: string): string => resolve(import.meta.dirname, path);

// Threads and the demo firm are programs of their own: they are started by file name, beside the one that starts them.
const PROGRAMS = {
  index: 'main/electron/index.ts',
  headless: 'main/server/index.ts',
  writer: 'main/writer.ts',
  reader: 'main/reader.ts',
  ingest: 'main/ingest.ts',
  backup: 'main/backup.ts',
  inspector: 'main/inspector.ts',
  sandbox: 'main/sandbox/cli.ts',
};

const present = Object.entries(PROGRAMS).flatMap(([name, file]) => (existsSync(at(file)) ? [[name, at(file)] as const] : []));

// Places within the screens are paths, so the page must find its parts from the root wherever it is loaded; electron-vite
// makes them relative to the page unless it is told last.
const partsFromRoot: Plugin = { name: 'parts-from-root', enforce: 'post', config: () => ({ base: '/' }) };

// What stands under `dependencies` (native modules) is left to be required; everything else is bundled.
export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      sourcemap: true,
      lib: { entry: Object.fromEntries(present), formats: ['es'] },
      // Shared chunks lie beside the programs, so that a path relative to import.meta.url means the same in all of them.
      rolldownOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      // A sandboxed preload can require electron and nothing else, so everything is inlined.
      externalizeDeps: false,
      lib: { entry: at('preload/index.ts'), formats: ['cjs'] },
      rolldownOptions: { output: { entryFileNames: 'index.cjs' } },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react(), partsFromRoot],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      sourcemap: true,
      // Data URLs would need holes in the content policy.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4_000,
      rolldownOptions: { input: at('renderer/index.html') },
    },
  },
});
