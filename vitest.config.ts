import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: [{ find: /^@\//, replacement: `${import.meta.dirname}/` }] },
  test: {
    include: [
      'lib/**/*.test.ts',
      'components/**/*.test.ts',
      'scripts/**/*.test.ts',
      'demo/**/*.test.ts',
      'app/**/*.test.ts',
    ],
    globalSetup: ['lib/infrastructure/testing/vitest-setup.ts'],
    setupFiles: ['lib/infrastructure/testing/long-waits.ts'],
    // Far above what any takes: a slow machine must fail nothing.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    maxWorkers: 3,
    // None may need what another has left behind. The seed is printed, for an order that is to be had again.
    sequence: { shuffle: { tests: true } },
    // Of the library, which others build on; scripts/test/coverage.ts holds it against its floor.
    coverage: {
      provider: 'v8',
      include: ['lib/infrastructure/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.contract.ts', 'lib/infrastructure/testing/**'],
      reporter: ['json-summary'],
      // What failed is told by its test; the figure is wanted all the same.
      reportOnFailure: true,
      reportsDirectory: '.substation/reports/coverage',
    },
  },
})
