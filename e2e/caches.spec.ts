import { act, expectAudited } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { apiUrl, expect, test } from './product/test.ts'

/** Entries of the demo's catalogue in the memory of each process, as they report them. */
async function inMemory(api: { get(url: string): Promise<{ json(): Promise<{ data: unknown }> }> }) {
  const { data } = await (await api.get(apiUrl('views/cache?name=catalogue'))).json()
  const { cache } = data as {
    cache: { data: { instances: { instance: string; lastInvalidation?: { at: number } }[] } }
  }
  return cache.data.instances
}

test('a pattern is invalidated on the page: counted, acknowledged by each process, and in the audit', async ({
  as,
}) => {
  const { page, api, open } = await as('operator')
  await expect.poll(async () => (await inMemory(api)).length, { timeout: 20_000 }).toBe(3)
  await open('caches')
  await page.getByRole('row').filter({ hasText: 'catalogue' }).getByRole('link').first().click()
  const sheet = page.getByRole('dialog').first()
  await expect(sheet.getByText('receives invalidations').first()).toBeVisible()
  await expectAccessible(page, 'a cache')
  await sheet.getByRole('button', { name: 'Count' }).click()
  await expect(sheet.getByText(/\d+ entr(y|ies)/).first()).toBeVisible()

  const began = Date.now()
  await sheet.getByRole('button', { name: 'Invalidate…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invalidate cache entries' })
  await dialog.getByRole('textbox', { name: 'Pattern' }).fill('product:*')
  const reason = `journey ${began}`
  await dialog.getByLabel(/Reason/).fill(reason)
  await expect(dialog.getByText(/matching product:\* will be removed from catalogue/)).toBeVisible()
  await expectAccessible(page, 'the preview of an invalidation')
  // A cache that is only filling grows by more than a tenth while one looks, and then shows its preview again.
  const done = dialog.getByText(/Invalidated product:\* in catalogue on 3 of 3 processes\./)
  await expect(async () => {
    if (!(await done.isVisible()))
      await dialog.getByRole('button', { name: /^Invalidate \d/ }).click({ timeout: 2_000 })
    await expect(done).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 40_000 })
  // Not what was acknowledged, but what each process says of its own memory afterwards.
  await expect
    .poll(
      async () => (await inMemory(api)).map(({ lastInvalidation }) => (lastInvalidation?.at ?? 0) >= began - 1_000),
      {
        timeout: 10_000,
      },
    )
    .toEqual([true, true, true])
  await expectAudited(page, open, reason, /Invalidate cache entries/)
})

test('a viewer sees caches and cannot invalidate: neither by button nor by REST', async ({ as }) => {
  const { page, api, open } = await as('viewer', { phone: true })
  await open('caches?cache=catalogue')
  const button = page.getByRole('button', { name: 'Invalidate…' })
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await expectFits(page, 'a cache at 390 px')
  for (const path of ['operations/cache.invalidate', 'operations/cache.delete-keys/preview'])
    expect(
      (await api.post(apiUrl(path), { data: { input: { cache: 'catalogue', where: { by: 'all' } } } })).status(),
    ).toBe(403)
})

test('all of a cache goes, over REST, and fills again', async ({ as }) => {
  const { api } = await as('operator')
  const run = await act(api, 'cache.invalidate', { cache: 'catalogue', where: { by: 'all' } })
  expect(run).toMatchObject({ status: 'succeeded', summary: expect.stringContaining('on 3 of 3 processes') })
  await expect
    .poll(async () => (await (await api.get(apiUrl('views/cache-keys?cache=catalogue'))).json()).data.keys.data.count, {
      timeout: 20_000,
    })
    .toBeGreaterThan(0)
})

test('where much would go to the origin, an invalidation can be paced, and aborted: the rest stays', async ({ as }) => {
  test.setTimeout(150_000)
  const { page, api, open } = await as('operator', { phone: true })
  const keys = async () =>
    (await (await api.get(apiUrl('views/cache-keys?cache=catalogue'))).json()).data.keys.data.count
  await expect.poll(keys, { timeout: 20_000 }).toBeGreaterThan(10)
  const dialog = page.getByRole('dialog', { name: 'Invalidate cache entries' })
  // Its load is known once it was sampled.
  await expect(async () => {
    await open('caches?cache=catalogue')
    await page.getByRole('button', { name: 'Invalidate…' }).click()
    await dialog.getByLabel('Invalidate by').selectOption('All of it')
    await expect(dialog.getByText('That is over the limit of 1 lookup a second')).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 40_000 })
  await dialog.getByRole('radio', { name: 'Paced' }).check()
  await dialog.getByLabel('At most').fill('1')
  await expect(dialog.getByText(/entries that are not yet removed are still served/)).toBeVisible()
  await expectAccessible(page, 'a paced invalidation')
  await expectFits(page, 'a paced invalidation')
  const removing = dialog.getByText(/\d+ entr(y|ies) removed; the others are still served/)
  // The cache is filling: once it has outgrown its preview, a new preview is shown and nothing is done.
  await expect(async () => {
    if (!(await removing.isVisible()))
      await dialog.getByRole('button', { name: /^Invalidate .* in about/ }).click({ timeout: 2_000 })
    await expect(removing).toBeVisible({ timeout: 5_000 })
  }).toPass({ timeout: 40_000 })
  await dialog.getByRole('button', { name: 'Abort' }).click()
  await expect(dialog.getByText(/^Aborted after \d+ entr(y|ies) removed\. The others stay and are served/)).toBeVisible(
    { timeout: 40_000 },
  )
  expect(await keys()).toBeGreaterThan(0)
})

test('a cache of another library shows its kind, offers what that can do, and is invalidated in its process', async ({
  as,
}) => {
  const { page, open } = await as('operator')
  await open('caches')
  const row = page.getByRole('row').filter({ hasText: 'bentocache' })
  await row.getByRole('link', { name: /trending/ }).click()
  const sheet = page.getByRole('dialog').first()
  await expect(sheet.getByText('entries and bytes in memory: its library does not report it')).toBeVisible()
  await expect(sheet.getByText('. bentocache cannot list its keys.')).toBeVisible()
  await expect(sheet.getByRole('button', { name: 'Switch off…' })).toHaveCount(0)
  await expectAccessible(page, 'an adopted cache')
  await sheet.getByRole('button', { name: 'Invalidate…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invalidate cache entries' })
  await expect(dialog.getByLabel('Invalidate by').getByRole('option')).toHaveText(['Key', 'Tag', 'All of it'])
  await dialog.getByLabel('Invalidate by').selectOption('Tag')
  await dialog.getByRole('textbox', { name: 'Tag' }).fill('orders')
  await expect(dialog.getByText('Not exact: some of it may still be served after this.')).toBeVisible()
  await expect(dialog.getByText('not possible: bentocache keeps nothing of what it removes')).toBeVisible()
  await dialog.getByRole('button', { name: 'Invalidate the tag orders' }).click()
  await expect(dialog.getByText('Invalidated the tag orders in trending in storefront-1.')).toBeVisible()
})
