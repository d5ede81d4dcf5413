import { defineConfig } from 'vitest/config';

// Unit and property tests stand beside the source. End-to-end suites have a configuration of their own (e2e).
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 30_000,
    passWithNoTests: false,
  },
});
