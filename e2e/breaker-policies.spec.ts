import { newId } from '../lib/core/ids.ts'
import { act, begin, confirm } from './product/acts.ts'
import { closeGuarded, failing, guard, policyOf, startGuardedService } from './product/guarded-service.ts'
import { writeSamples } from './product/samples.ts'
import { apiUrl, expect, test } from './product/test.ts'

const MINUTE = 60_000
const SLOW = { name: 'SocketError', message: 'socket hang up' }
const fleet = { kind: 'fleet' }

test.afterEach(closeGuarded)

test('a policy changed for a while: previewed by what was measured, obeyed, also by a process that starts later, ended on Running', async ({
  as,
}) => {
  const { page, api, open } = await as('operator')
  const { name, service, processes } = await guard(api, [{}, {}])
  const [one, two] = processes
  // A minute ago every call failed for half a minute.
  await writeSamples(service, MINUTE, {
    [`breaker_calls{breaker="${name}"}`]: [1, 1, 1, 1, 1],
    [`breaker_failures{breaker="${name}"}`]: [0, 1, 1, 1, 0],
  })
  await open(`breakers?breaker=${name}`)
  await begin(page, 'Change policy…')
  const dialog = page.getByRole('dialog', { name: "Change a breaker's policy" })
  await expect(dialog.getByLabel('Failures in a row')).toHaveValue('5')
  await dialog.getByLabel('Failures in a row').fill('3')
  await expect(dialog.getByText(`${name} opens after 3 failures in a row, in 2 processes for 60 minutes`)).toBeVisible()
  await expect(
    dialog.getByText(`By the figures of the last hour it would have opened 1 time in ${service}.`),
  ).toBeVisible()
  for (const { instance } of processes) await expect(dialog.getByText(instance, { exact: true })).toBeVisible()
  const reason = `journey ${name}`
  await dialog.getByLabel('Reason').fill(reason)
  await confirm(dialog, 'Change the policy in 2 processes', `Changed the policy of ${name} on 2 of 2 processes.`)

  await failing(one, 3)
  expect(await one.call()).toEqual({ called: false, code: 'BREAKER_OPEN' })
  expect(await two.call()).toEqual({ called: true })
  const late = await startGuardedService({ name, service, instance: `${service}-late` })
  await expect.poll(() => policyOf(late)).toMatchObject({ failures: 3 })
  await failing(late, 3)
  expect(await late.call()).toEqual({ called: false, code: 'BREAKER_OPEN' })

  await open('running')
  const row = page.getByRole('row').filter({ hasText: name }).filter({ hasText: reason }).first()
  await expect(row).toContainText('Operator')
  await expect(row).toContainText(/in 5\d min/)
  await row.getByRole('button', { name: `Restore ${name}` }).click()
  const ending = page.getByRole('dialog', { name: "Restore a breaker's policy" })
  await confirm(ending, 'Restore the policy in 3 processes', `Restored the policy of ${name} on 3 of 3 processes.`)
  for (const process of [one, two, late]) expect(await policyOf(process)).toMatchObject({ failures: 5 })
  await failing(two, 4)
  expect(await two.call()).toEqual({ called: true })
})

test('a changed policy is shown with who, why and what is declared, and restored from its sheet', async ({ as }) => {
  const { page, api, open } = await as('operator')
  const { name, processes } = await guard(api, [{}])
  const change = { breaker: name, scope: fleet, policy: { kind: 'consecutive', failures: 2 }, minutes: null }
  await act(api, 'breaker.change-policy', { ...change, reason: 'the bank is flaky' })
  await open(`breakers?breaker=${name}`)
  const sheet = page.getByRole('dialog').first()
  await expect(sheet.getByText(/changed in 1 of 1, until restored/)).toBeVisible()
  await expect(sheet.getByText('Operator: the bank is flaky')).toBeVisible()
  await expect(sheet.getByText('Declared: opens after 5 failures in a row.')).toBeVisible()
  await failing(processes[0], 2)
  expect(await processes[0].call()).toMatchObject({ called: false })
  await begin(page, 'Restore policy')
  const dialog = page.getByRole('dialog', { name: "Restore a breaker's policy" })
  await expect(dialog.getByText(`it opens after 5 failures in a row.`)).toBeVisible()
  await confirm(dialog, 'Restore the policy in 1 process', /^Restored the policy of/)
  expect(await policyOf(processes[0])).toMatchObject({ failures: 5 })
  await expect(sheet.getByRole('button', { name: 'Restore policy' })).toHaveCount(0)
})

test('shadow where a process guards with opossum: the preview names who will refuse, and it refuses', async ({
  as,
}) => {
  const { page, api, open } = await as('operator')
  const { name, processes } = await guard(api, [{}, { opossum: true }])
  const [ours, theirs] = processes
  await open(`breakers?breaker=${name}`)
  await begin(page, /^Force… in the whole fleet/)
  const dialog = page.getByRole('dialog', { name: 'Force a breaker' })
  await dialog.getByText('Shadow', { exact: true }).click()
  await expect(
    dialog.getByText(`Refused in 1 process, whose breaker is of a library that cannot do this: ${theirs.instance}.`),
  ).toBeVisible()
  await dialog.getByLabel('Reason').fill('a journey')
  await confirm(dialog, 'Shadow in 2 processes', `Put ${name} into shadow on 1 of 2 processes`)
  expect((await ours.report()).forced?.state).toBe('shadow')
  expect((await theirs.report()).forced).toBeUndefined()
  await failing(ours, 6)
  expect(await ours.call()).toEqual({ called: true })
})

test('the preview of a trip says what it would cut, of whom, and what callers get instead', async ({ as }) => {
  const { page, api, open } = await as('operator')
  const { name, service, processes } = await guard(api, [{}, { fallback: true, service: `kiosk-${newId().slice(-8)}` }])
  const [plain, covered] = processes
  for (let made = 0; made < 3; made++) await plain.call()
  await covered.call()
  // A report is up to two seconds old.
  await expect
    .poll(
      async () =>
        (await (await api.get(apiUrl(`views/breaker?name=${name}`))).json()).data.breaker.data.group.stats?.calls,
    )
    .toBe(4)
  await open(`breakers?breaker=${name}`)
  await begin(page, /^Force… in the whole fleet/)
  const dialog = page.getByRole('dialog', { name: 'Force a breaker' })
  await expect(dialog.getByText(new RegExp(`there were 3 calls of ${service}, 1 call of kiosk-`))).toBeVisible()
  await expect(dialog.getByText('Callers have a fallback in 1 of 2 processes.')).toBeVisible()
  await dialog.getByLabel('Reason').fill('a journey')
  await confirm(dialog, 'Force open in 2 processes', `Forced open ${name} on 2 of 2 processes.`)
  expect(await plain.call()).toEqual({ called: false, code: 'BREAKER_OPEN' })
  expect(await covered.call()).toEqual({ called: false })
})

test('last minute by class, history by process, and another rule held against it and carried into the change', async ({
  as,
}) => {
  const { page, api, open } = await as('operator')
  const { name, service, processes } = await guard(api, [{}, {}])
  const [one, two] = processes
  await writeSamples(service, MINUTE, {
    [`breaker_calls{breaker="${name}"}`]: [2, 2, 2, 2, 2],
    [`breaker_failures{breaker="${name}"}`]: [0, 1, 1, 0, 0],
  })
  await two.call()
  await failing(one, 3, SLOW)
  await one.call()
  await failing(one, 5)
  expect(await one.call()).toEqual({ called: false, code: 'BREAKER_OPEN' })
  await act(api, 'breaker.force', { breaker: name, scope: fleet, state: 'closed', reason: 'a journey', minutes: 5 })

  await open(`breakers?breaker=${name}&look=minute`)
  const sheet = page.getByRole('dialog').first()
  const classes = sheet.getByRole('region', { name: 'Failures by class' }).getByRole('listitem')
  await expect(classes).toHaveText([
    /^ProviderError\s*PROVIDER_REFUSED.*5.*62\.5 %.*the card network is down/,
    /^SocketError.*3.*37\.5 %.*socket hang up/,
  ])
  const minute = sheet.getByRole('region', { name: 'Last minute' })
  await expect(minute).toContainText(/10 made, 1 rejected/)
  await expect(minute).toContainText(/p50 .+p95 .+p99 /)

  await sheet.getByText('History', { exact: true }).click()
  const history = sheet.getByRole('region', { name: 'States over time' })
  await expect(history.getByRole('listitem').filter({ hasText: `${one.instance}: closed from` })).toHaveText(
    /closed from [\d:]+, open from [\d:]+, closed from/,
  )
  await expect(history.getByRole('listitem').filter({ hasText: `Operator: Forced closed ${name}` })).toBeVisible()

  await sheet.getByText('What if', { exact: true }).click()
  const whatIf = sheet.getByRole('region', { name: 'What if it opened by another rule' })
  await expect(whatIf.getByText(`${service} would not have opened; in fact it opened once`)).toBeVisible()
  await whatIf.getByText('Share in time', { exact: true }).click()
  await whatIf.getByLabel('More failed than').fill('30')
  await whatIf.getByLabel('Within').fill('20')
  await whatIf.getByLabel('From').fill('7')
  await expect(whatIf.getByText(new RegExp(`${service} would have opened once, open for`))).toBeVisible()
  await whatIf.getByLabel('From').fill('')
  await expect(whatIf.getByRole('button', { name: /^Use this rule/ })).toBeDisabled()
  await whatIf.getByLabel('From').fill('7')
  await whatIf.getByRole('button', { name: /^Use this rule/ }).click()
  const dialog = page.getByRole('dialog', { name: "Change a breaker's policy" })
  await expect(
    dialog.getByText(`${name} opens when 30 % of the calls within 20 s fail, from 7 calls on, in 2 processes`),
  ).toBeVisible()
  await dialog.getByLabel('Reason').fill('as tried')
  await confirm(dialog, 'Change the policy in 2 processes', /on 2 of 2 processes\.$/)
  expect((await two.report()).policy).toEqual({
    kind: 'sampling',
    threshold: 0.3,
    durationMs: 20_000,
    minimumRps: 0.35,
  })
})
