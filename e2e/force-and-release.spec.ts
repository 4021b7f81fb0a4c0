import { PAYMENTS, payments, tryBreaker, tryEverywhere } from './product/product.ts'
import { apiUrl, expect, test } from './product/test.ts'

test.beforeEach(async () => {
  await payments('ok')
  await expect
    .poll(async () => (await tryBreaker('payments-api')).every(answer => answer.called), { timeout: 30_000 })
    .toBe(true)
})
test.afterAll(() => payments('schedule'))

test.afterEach(async ({ as }) => {
  // Whatever a journey left in force is released, through the same door.
  const { api } = await as('operator')
  const input = { breaker: 'payments-api', scope: { kind: 'fleet' } }
  const preview = await (await api.post(apiUrl('operations/breaker.release/preview'), { data: { input } })).json()
  await api.post(apiUrl('operations/breaker.release'), { data: { input, token: preview.preview?.token } })
})

test('force open in one service and release: acknowledged by each process, proven by the next call in each, and in the audit', {
  tag: PAYMENTS,
}, async ({ as }) => {
  const { page, open } = await as('operator')
  await open('breakers?breaker=payments-api')
  const sheet = page.getByRole('dialog').first()
  await sheet.getByRole('button', { name: /^Force… in the whole fleet/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Force a breaker' })
  await dialog
    .getByRole('radio', { name: 'A service' })
    .or(dialog.getByText('A service', { exact: true }))
    .first()
    .click()
  await dialog.getByRole('combobox', { name: 'Service' }).selectOption('checkout')
  const reason = `journey ${Date.now()}`
  await dialog.getByLabel('Reason').fill(reason)
  await expect(dialog.getByText('payments-api will be held open in 2 processes')).toBeVisible()
  expect(await tryBreaker('payments-api')).toEqual([
    expect.objectContaining({ called: true }),
    expect.objectContaining({ called: true }),
  ])
  await dialog.getByRole('button', { name: 'Force open in 2 processes' }).click()
  await expect(dialog.getByText('Forced open payments-api on 2 of 2 processes.')).toBeVisible()
  const ledger = dialog.getByRole('list', { name: /Outcome of each/ })
  await expect(ledger.getByText('checkout-1')).toBeVisible()
  await expect(ledger.getByText('checkout-2')).toBeVisible()
  // Not what they said, but what they do.
  expect(await tryBreaker('payments-api')).toEqual([
    expect.objectContaining({ called: false, instance: 'checkout-1' }),
    expect.objectContaining({ called: false, instance: 'checkout-2' }),
  ])
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

  await open('running')
  await expect(
    page.getByRole('row').filter({ hasText: 'payments-api' }).filter({ hasText: reason }).first(),
  ).toBeVisible()
  await open('breakers')
  await expect(page.getByRole('row').filter({ hasText: 'payments-api' })).toContainText(/forced/i)

  await open('breakers?breaker=payments-api')
  await page.getByRole('button', { name: /^Release in the whole fleet/ }).click()
  const releasing = page.getByRole('dialog', { name: 'Release a breaker' })
  await releasing.getByRole('button', { name: /^Release in 2 processes/ }).click()
  await expect(releasing.getByText('Released payments-api on 2 of 2 processes.')).toBeVisible()
  expect(await tryBreaker('payments-api')).toEqual([
    expect.objectContaining({ called: true }),
    expect.objectContaining({ called: true }),
  ])

  await open(`audit?q=${encodeURIComponent(reason)}`)
  const row = page
    .getByRole('row')
    .filter({ hasText: 'Operator' })
    .filter({ hasText: /Force a breaker/ })
    .first()
  await expect(row).toBeVisible()
})

test('the button says what it would do as the fields say it, and one process is forced by one press', {
  tag: PAYMENTS,
}, async ({ as }) => {
  const { page, open } = await as('operator')
  await open('breakers?breaker=payments-api')
  await page
    .getByRole('button', { name: /^Force… in the whole fleet/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog', { name: 'Force a breaker' })
  await expect(dialog.getByRole('button', { name: 'Force open in 3 processes' })).toBeEnabled()
  await dialog.getByText('A process', { exact: true }).click()
  await dialog.getByRole('combobox', { name: 'Process' }).selectOption({ label: 'checkout-1' })
  const force = dialog.getByRole('button', { name: 'Force open in checkout-1' })
  // A reason that is too short is refused beside its field, and nothing is sent.
  await dialog.getByLabel('Reason').fill('no')
  await force.click()
  await expect(dialog.getByLabel('Reason')).toHaveAccessibleDescription(/at least 3 characters/)
  await dialog.getByLabel('Reason').fill('a journey')
  await force.click()
  await expect(page.getByText('Forced open payments-api in checkout-1.').first()).toBeVisible()
  expect(await tryBreaker('payments-api')).toEqual([
    expect.objectContaining({ called: false, instance: 'checkout-1' }),
    expect.objectContaining({ called: true, instance: 'checkout-2' }),
  ])
})

test('force on the whole fleet reaches every process, and reset closes what had opened', { tag: PAYMENTS }, async ({
  as,
}) => {
  const { api } = await as('operator')
  const act = async (verb: string, input: object) => {
    const { preview } = await (await api.post(apiUrl(`operations/${verb}/preview`), { data: { input } })).json()
    return (await (await api.post(apiUrl(`operations/${verb}`), { data: { input, token: preview.token } })).json()).run
  }
  const target = { breaker: 'payments-api', scope: { kind: 'fleet' } }
  await act('breaker.force', { ...target, state: 'open', reason: 'a journey', minutes: 5 })
  await expect
    .poll(async () => (await tryEverywhere('payments-api')).map(answer => answer.called))
    .toEqual([false, false, false])
  await act('breaker.release', target)
  await expect
    .poll(async () => (await tryEverywhere('payments-api')).map(answer => answer.called))
    .toEqual([true, true, true])
  await payments('fail')
  await expect
    .poll(async () => (await tryBreaker('payments-api')).map(answer => answer.called), { timeout: 40_000 })
    .toEqual([false, false])
  await payments('ok')
  const run = await act('breaker.reset', target)
  expect(run).toMatchObject({ operation: 'breaker.reset' })
  // At once, and not only when the breaker would have let a probe through on its own.
  await expect
    .poll(async () => (await tryEverywhere('payments-api')).map(answer => answer.called), { timeout: 4_000 })
    .toEqual([true, true, true])
})

test('undo takes a force back in every process', { tag: PAYMENTS }, async ({ as }) => {
  const { api } = await as('operator')
  const input = {
    breaker: 'payments-api',
    scope: { kind: 'service', service: 'checkout' },
    state: 'open',
    reason: 'a journey',
    minutes: 5,
  }
  const { preview } = await (await api.post(apiUrl('operations/breaker.force/preview'), { data: { input } })).json()
  const { run } = await (
    await api.post(apiUrl('operations/breaker.force'), { data: { input, token: preview.token } })
  ).json()
  expect((await tryBreaker('payments-api')).map(answer => answer.called)).toEqual([false, false])
  const { page, open } = await as('operator')
  await open(`running?run=${run.id}`)
  await page.getByRole('button', { name: /^Undo/ }).first().click()
  await expect.poll(async () => (await tryBreaker('payments-api')).map(answer => answer.called)).toEqual([true, true])
})

test('a viewer sees and cannot act: neither by button nor by REST', { tag: PAYMENTS }, async ({ as }) => {
  const { page, api, open } = await as('viewer')
  await open('breakers?breaker=payments-api')
  for (const name of [/^Force…/, /^Reset/]) {
    const button = page.getByRole('button', { name }).first()
    await expect(button).toBeVisible()
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveAccessibleDescription('needs the operator role')
    await button.click({ force: true })
  }
  await expect(page.getByRole('dialog', { name: 'Force a breaker' })).toHaveCount(0)
  const input = { breaker: 'payments-api', scope: { kind: 'fleet' }, state: 'open', reason: 'not allowed' }
  for (const path of [
    'operations/breaker.force',
    'operations/breaker.force/preview',
    'operations/breaker.reset',
    'operations/process.forget',
  ]) {
    const answer = await api.post(apiUrl(path), { data: { input } })
    expect(answer.status(), path).toBe(403)
    expect((await answer.json()).error).toMatchObject({ code: 'forbidden', needs: 'operator' })
  }
  expect((await tryBreaker('payments-api')).map(answer => answer.called)).toEqual([true, true])
  const audit = await (await api.get(apiUrl('views/audit?kind=refused&actor=Viewer'))).json()
  expect(audit.data.audit.data.rows[0]).toMatchObject({
    kind: 'refused',
    outcome: 'forbidden',
    actor: { name: 'Viewer' },
  })
})
