import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/product/start.ts',
  // Side by side; those of one file one after the other, unless it says that they need not.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env.CI === 'true',
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // The longest first. A product for each of `apart` and the rest; e2e/product/product.ts says what belongs where.
  projects: [
    { name: 'apart', grep: /@apart/, workers: 1 },
    { name: 'payments', grep: /@payments/, workers: 1 },
    { name: 'shared', grepInvert: /@(apart|payments)/ },
  ],
  outputDir: '.substation/reports/journeys',
  reporter: [['list'], ['json', { outputFile: '.substation/reports/journeys.json' }]],
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    },
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // Filming every page costs a third of two cores; what the page was made of tells as much.
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
  },
})
