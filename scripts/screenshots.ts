import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { findChromium } from './test/chromium.ts'

/**
 * Takes the pictures of the README from a console that runs (npm start): node scripts/screenshots.ts [url] [upstream control url].
 * With the control URL the payment provider is made to fail first, so that there is something to see.
 */
const [url = 'http://127.0.0.1:4600', upstream] = process.argv.slice(2)
const folder = resolve('docs', 'images')
mkdirSync(folder, { recursive: true })

const control = (mode: string) =>
  upstream &&
  fetch(`${upstream}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ payments: mode }),
  })

const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
})
try {
  const first = await browser.newPage()
  await first.goto(url)
  await first.getByRole('link', { name: 'Continue with GitHub' }).click()
  // Nothing is out of an administrator's reach, so nothing is greyed in a picture.
  await first.getByRole('button', { name: /admin/i }).click()
  await first.waitForURL(/overview/)
  const state = await first.context().storageState()
  await control('fail')
  await first.getByText('payments-api breaker is open').first().waitFor({ timeout: 60_000 })

  const shots = [
    { file: 'overview-light.png', path: 'overview', width: 1440, height: 860, scheme: 'light' },
    { file: 'overview-dark.png', path: 'overview', width: 1440, height: 860, scheme: 'dark' },
    { file: 'breakers-dark.png', path: 'breakers?breaker=payments-api', width: 1440, height: 860, scheme: 'dark' },
    { file: 'services-light.png', path: 'services', width: 1440, height: 860, scheme: 'light' },
    { file: 'metrics-light.png', path: 'metrics?range=15m', width: 1440, height: 900, scheme: 'light' },
    { file: 'redis-light.png', path: 'redis?server=fleet', width: 1440, height: 860, scheme: 'light' },
    { file: 'caches-light.png', path: 'caches?cache=catalogue', width: 1440, height: 860, scheme: 'light' },
    {
      file: 'queues-light.png',
      path: 'queues?server=fleet&queue=bull:receipts.send',
      width: 1440,
      height: 860,
      scheme: 'light',
    },
    {
      file: 'migrations-light.png',
      path: 'migrations?database=shop&migration=0004_customer_language',
      width: 1440,
      height: 860,
      scheme: 'light',
    },
    { file: 'health-light.png', path: 'health', width: 1440, height: 860, scheme: 'light' },
    { file: 'breaker-phone.png', path: 'breakers?breaker=payments-api', width: 390, height: 844, scheme: 'light' },
    { file: 'overview-phone.png', path: 'overview', width: 390, height: 844, scheme: 'dark' },
  ] as const
  for (const { file, path, width, height, scheme } of shots) {
    const context = await browser.newContext({
      storageState: state,
      viewport: { width, height },
      colorScheme: scheme,
      deviceScaleFactor: width < 500 ? 2 : 1,
    })
    const page = await context.newPage()
    await page.goto(`${new URL(first.url()).origin}/demo/${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.evaluate(() => document.fonts.ready)
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => {})
    await page.screenshot({ path: join(folder, file) })
    await context.close()
  }
} finally {
  await control('schedule')
  await browser.close()
}
