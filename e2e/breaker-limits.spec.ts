import { begin, confirm } from './product/acts.ts'
import { expectAccessible, expectFits } from './product/axe.ts'
import { closeGuarded, failing, guard, policyOf } from './product/guarded-service.ts'
import { apiUrl, expect, test } from './product/test.ts'

test.afterEach(closeGuarded)

test('limits changed and restored, a provider forced and released: proven by the next call', async ({ as }) => {
  const { page, api, open } = await as('operator')
  const { name, processes } = await guard(api, [{}])
  const [only] = processes
  await open(`breakers/limits?policy=${name}`)
  await begin(page, 'Change limits…')
  const dialog = page.getByRole('dialog', { name: 'Change limits' })
  await expect(dialog.getByLabel('Calls at a time')).toHaveValue('2')
  await dialog.getByLabel('Calls at a time').fill('1')
  await expect(dialog.getByText(`${name}: at most 1 call at a time`)).toBeVisible()
  await dialog.getByLabel('Reason').fill('the bank asked us')
  await confirm(dialog, 'Change limits in 1 process', `Changed the limits of ${name} in ${only.instance}.`)
  const row = page.getByRole('table', { name: 'Policies in demo' }).getByRole('row').filter({ hasText: name })
  await only.hold()
  expect(await only.call()).toEqual({ called: false, code: 'BULKHEAD_FULL' })
  await expect(row).toContainText('limits changed')
  const sheet = page.getByRole('dialog').first()
  await expect(sheet.getByText('Operator: the bank asked us')).toBeVisible()
  await begin(page, 'Restore limits')
  await confirm(page.getByRole('dialog', { name: /Restore/ }), /^Restore/, /^Restored the limits of/)
  expect(await only.call()).toEqual({ called: true })
  await only.finish()
  await expect(row).not.toContainText('limits changed')
  await sheet.getByRole('link', { name: only.instance }).click()
  await expect(page.getByRole('dialog').getByRole('heading', { name: only.instance })).toBeVisible()

  expect(await only.send()).toBe('first')
  await open(`providers?set=${name}-mail`)
  await begin(page, 'Force a provider…')
  const forcing = page.getByRole('dialog', { name: 'Force a provider' })
  await expect(forcing.getByLabel('Use only')).toHaveValue('second')
  await forcing.getByLabel('Reason').fill('the first one is slow')
  await confirm(forcing, 'Force second in 1 process', `Forced ${name}-mail to second in ${only.instance}.`)
  expect(await only.send()).toBe('second')
  await expect(page.getByRole('row').filter({ hasText: `${name}-mail` })).toContainText('Forced')
  await begin(page, 'Release')
  await confirm(page.getByRole('dialog', { name: /Release/ }), /^Release/, /^Released/)
  expect(await only.send()).toBe('first')
  await begin(page, 'Send a test…')
  const testing = page.getByRole('dialog', { name: 'Send a test' })
  await expect(testing.getByLabel('To an address of yours')).toHaveValue(/@/)
  await testing.getByLabel('Send with').selectOption('second')
  await testing.getByRole('button', { name: 'Send a test with second' }).click()
  await expect(page.getByText(/^Sent a test with second to /).first()).toBeVisible()
  expect(await only.tests()).toEqual([expect.stringMatching(/^second to .+@/)])
})

test('a viewer sees all of it and may do none of it, neither by button nor by REST', async ({ as }) => {
  const operator = await as('operator')
  const { name, processes } = await guard(operator.api, [{}])
  const { page, api, open } = await as('viewer')
  const input = { breaker: name, policy: name, set: `${name}-mail`, scope: { kind: 'fleet' }, reason: 'not allowed' }
  for (const [address, button] of [
    [`breakers?breaker=${name}`, 'Change policy…'],
    [`breakers?breaker=${name}&look=what-if&act=breaker.change-policy`, 'Change policy…'],
    [`breakers/limits?policy=${name}`, 'Change limits…'],
    [`providers?set=${name}-mail`, 'Force a provider…'],
  ] as const) {
    await open(address)
    const shown = page.getByRole('dialog').first().getByRole('button', { name: button })
    await expect(shown).toHaveAttribute('aria-disabled', 'true')
    await expect(shown).toHaveAccessibleDescription('needs the operator role')
    await shown.click({ force: true })
    await expect(page.getByRole('dialog')).toHaveCount(1)
  }
  for (const operation of [
    'breaker.change-policy',
    'breaker.restore-policy',
    'policy.change-limits',
    'policy.restore-limits',
    'provider.force',
    'provider.release',
    'provider.test',
  ])
    for (const path of [`operations/${operation}`, `operations/${operation}/preview`]) {
      const answer = await api.post(apiUrl(path), { data: { input } })
      expect(answer.status(), path).toBe(403)
      expect((await answer.json()).error).toMatchObject({ code: 'forbidden', needs: 'operator' })
    }
  expect(await processes[0].report()).toMatchObject({ policy: { failures: 5 } })
  expect((await processes[0].report()).policyOverride).toBeUndefined()
  for (const view of [`breaker-history?name=${name}`, `breaker-what-if?name=${name}`, 'limits'])
    expect((await api.get(apiUrl(`views/${view}`))).status(), view).toBe(200)
})

test('on a phone: every tab and form fits and is accessible, and a change is obeyed', async ({ as }) => {
  test.setTimeout(150_000)
  const { page, api, open } = await as('operator', { phone: true, colorScheme: 'dark' })
  const { name, processes } = await guard(api, [{}, {}])
  const [one] = processes
  await failing(one, 5)
  await one.send()
  for (const [address, named] of [
    [`breakers?breaker=${name}&look=minute`, 'Failures by class'],
    [`breakers?breaker=${name}&look=history`, 'States over time'],
    [`breakers?breaker=${name}&look=what-if`, 'What if it opened by another rule'],
    [`breakers/limits?policy=${name}`, 'Processes'],
    [`providers?set=${name}-mail`, '1. first'],
    [`breakers/limits?policy=${name}-gone`, undefined],
  ] as const) {
    await open(address)
    const sheet = page.getByRole('dialog').first()
    await expect(
      named ? sheet.getByRole('region', { name: named }) : sheet.getByText('No living process has it'),
    ).toBeVisible()
    await expectAccessible(page, address)
    await expectFits(page, address)
  }
  for (const [address, title] of [
    [`breakers/limits?policy=${name}&act=policy.change-limits`, 'Change limits'],
    [`providers?set=${name}-mail&act=provider.force`, 'Force a provider'],
    [`breakers?breaker=${name}&act=breaker.change-policy`, "Change a breaker's policy"],
  ] as const) {
    await open(address)
    const dialog = page.getByRole('dialog', { name: title })
    await expect(dialog.getByText(/in 2 processes for 60 minutes/)).toBeVisible()
    await expectAccessible(page, title)
    await expectFits(page, title)
  }
  const dialog = page.getByRole('dialog', { name: "Change a breaker's policy" })
  await dialog.getByLabel('Failures in a row').fill('9')
  await dialog.getByLabel('Reason').fill('a journey')
  await confirm(dialog, 'Change the policy in 2 processes', `Changed the policy of ${name} on 2 of 2 processes.`)
  for (const process of processes) expect(await policyOf(process)).toMatchObject({ failures: 9 })
})
