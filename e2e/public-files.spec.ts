import { ENVIRONMENT, product } from './product/product.ts'
import { anonymous, expect, test } from './product/test.ts'

test('icons, the manifest and what forbids robots are there without a session', async () => {
  const api = await anonymous()
  const at = (path: string) => api.get(`${product().url}${path}`, { maxRedirects: 0 })
  const manifest = await (await at('/manifest.webmanifest')).json()
  expect(manifest).toMatchObject({ name: 'Substation', display: 'standalone', start_url: '/' })
  const icons = manifest.icons as { src: string; type: string; sizes: string; purpose?: string }[]
  expect(icons.map(({ purpose }) => purpose ?? 'any')).toEqual(expect.arrayContaining(['any', 'maskable']))
  for (const { src, type } of icons) {
    const icon = await at(src)
    expect(icon.status(), src).toBe(200)
    expect(icon.headers()['content-type'], src).toContain(type)
    if (type === 'image/png') expect((await icon.body()).subarray(1, 4).toString(), src).toBe('PNG')
  }
  for (const path of ['/favicon.ico', '/icon.svg', '/apple-touch-icon.png'])
    expect((await at(path)).status(), path).toBe(200)
  expect(await (await at('/robots.txt')).text()).toMatch(/User-agent: \*\nDisallow: \/\n/)
  const page = await (await at('/sign-in')).text()
  expect(page).toContain('href="/manifest.webmanifest"')
  expect(page).toMatch(/rel="apple-touch-icon" href="\/apple-touch-icon.png"/)
  await api.dispose()
})

test('without a network a page says that the console cannot be reached, keeps its address, and comes back', async ({
  as,
}) => {
  const { page, open } = await as('viewer', { phone: true })
  await open('overview')
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await page.context().setOffline(true)
  await open('queues')
  await expect(page.getByRole('heading', { name: 'The console cannot be reached' })).toBeVisible()
  expect(new URL(page.url()).pathname).toBe(`/${ENVIRONMENT}/queues`)
  // Nothing of the fleet may be kept in a browser's cache.
  expect(
    await page.evaluate(async () => {
      const names = await caches.keys()
      const kept = await Promise.all(
        names.map(async name => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)),
      )
      return kept.flat()
    }),
  ).toEqual(['/offline.html'])
  await page.context().setOffline(false)
  await page.getByRole('link', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Queues' })).toBeVisible()
})
