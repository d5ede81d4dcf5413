import { defineConfig } from 'vite';

// One file that registers every component and shows the run its page holds. It goes into the page's text, so
// it must ask for nothing: no chunks, no preloads, no source map.
export default defineConfig({
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    modulePreload: false,
    reportCompressedSize: false,
    lib: {
      entry: new URL('./src/browser/report.ts', import.meta.url).pathname,
      formats: ['iife'],
      name: 'crosspointReport',
      fileName: () => 'report.js',
    },
  },
});
