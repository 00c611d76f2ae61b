import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const project = resolve(import.meta.dirname, '../..');

/** Serves or builds the screens over the fixture transport; the product never contains it. */
export default defineConfig({
  root: project,
  plugins: [
    react(),
    {
      name: 'dev-page',
      configureServer: (server) => {
        server.middlewares.use((request, _response, next) => {
          const path = (request.url ?? '').split('?')[0] ?? '';
          if (/^\/[a-z-]*$/.test(path)) request.url = `/tests/renderer/dev.html${(request.url ?? '').slice(path.length)}`;
          next();
        });
      },
    },
  ],
  cacheDir: resolve(project, '.cache/vite-renderer'),
  server: { host: '127.0.0.1' },
  build: {
    outDir: resolve(project, '.cache/renderer-fixture'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: resolve(import.meta.dirname, 'dev.html') },
  },
});
