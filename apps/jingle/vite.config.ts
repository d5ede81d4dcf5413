import { createRequire } from 'node:module';
import { defineConfig } from 'vite';

// The page is served from the app's own server at run time; nothing is fetched from elsewhere.
export default defineConfig({
  base: './',
  // stanza asks for Node's module of this name, also in a browser; the trailing slash finds the package.
  resolve: { alias: { events: createRequire(import.meta.url).resolve('events/') } },
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 1200 },
});
