import { defineConfig } from 'vite';

// The page is served from the app's own server at run time; nothing is fetched from elsewhere.
export default defineConfig({
  base: './',
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 900 },
});
