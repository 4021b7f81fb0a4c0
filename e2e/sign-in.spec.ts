import { product, STATES } from './product/product.ts'
import { signInByHand } from './product/sign-in.ts'
import { expect, test } from './product/test.ts'

test.use({ storageState: { cookies: [], origins: [] } })

for (const role of STATES.filter(state => state !== 'stranger')) {
  test(`${role} signs in with GitHub and lands where the link pointed`, async ({ page }) => {
    await page.goto(`${product().url}/demo/breakers?state=open`)
    await expect(page).toHaveURL(/\/sign-in\?return=/)
    await signInByHand(page, 'GitHub', role)
    await expect(page).toHaveURL(`${product().url}/demo/breakers?state=open`)
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Breakers')
    const me = await page.context().request.get(`${product().url}/api/v1/demo/views/shell`)
    expect(me.status()).toBe(200)
  })
}

test('operator signs in with Google, out again, and the session is over', async ({ page }) => {
  await page.goto(product().url)
  await signInByHand(page, 'Google', 'operator')
  await expect(page).toHaveURL(/\/demo\/overview/)
  const cookies = await page.context().cookies()
  const answer = await page.context().request.post(`${product().url}/sign-out`, { headers: { origin: product().url } })
  expect(answer.url()).toContain('/sign-in')
  // The page left open notices on its own; asking for another at that time would be cut off by its reload.
  await expect(page).toHaveURL(/\/sign-in/)
  await page.goto(`${product().url}/demo/overview`)
  await expect(page).toHaveURL(/\/sign-in/)
  // The cookie that was stolen before is worth nothing any more.
  await page.context().addCookies(cookies)
  expect((await page.context().request.get(`${product().url}/api/v1/demo/views/shell`)).status()).toBe(401)
})

test('a person without a role sees the access-denied page and nothing more', async ({ page }) => {
  await page.goto(`${product().url}/demo/breakers`)
  await signInByHand(page, 'GitHub', 'stranger')
  await expect(page.getByRole('heading', { name: 'Access denied' })).toBeVisible()
  for (const path of ['/demo/overview', '/demo/audit', '/']) {
    await page.goto(`${product().url}${path}`)
    await expect(page).toHaveURL(/\/denied/)
  }
  const { request } = page.context()
  for (const path of ['/api/v1/demo/views/overview', '/api/v1/demo/runs/x', '/api/metrics'])
    expect((await request.get(`${product().url}${path}`)).status(), path).toBe(403)
  expect((await request.get(`${product().url}/api/live?environment=demo`)).status()).toBe(401)
})

test('without a session nothing is shown, and no link leads elsewhere', async ({ page }) => {
  const { request } = page.context()
  for (const path of ['/api/v1/demo/views/overview', '/api/v1/demo/runs/x', '/api/metrics'])
    expect((await request.get(`${product().url}${path}`)).status(), path).toBe(401)
  expect(
    (await request.post(`${product().url}/api/v1/demo/operations/breaker.reset`, { data: { input: {} } })).status(),
  ).toBe(401)
  await page.goto(`${product().url}/sign-in?return=https://evil.test/`)
  for (const link of await page.getByRole('link', { name: /Continue with/ }).all())
    expect(await link.getAttribute('href')).toContain('return=%2F')
})
