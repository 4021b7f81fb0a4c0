import { expect, test, vi } from 'vitest'
import { createFailover, createPolicyRegistry } from '../../../../infrastructure/resilience/index.ts'
import { startTestProcess } from '../../../testing/open-test-console.ts'
import {
  a,
  act,
  b,
  console,
  environment,
  finished,
  operator,
  refusalOf,
  settings,
} from '../../../testing/two-checkouts.ts'
import { overviewView } from '../../overview/views/overview.ts'
import { providerSetView } from '../views/provider-set.ts'
import { providersView } from '../views/providers.ts'

const fleet = { kind: 'fleet' }
const force = { set: 'email', provider: 'mailgun', scope: fleet, reason: 'sendgrid bills twice' }
const soon = { timeout: 8_000, interval: 200 }
const setOf = async (name: string) => {
  const { found } = (await console.view(providerSetView, environment(), operator, { name })).data
  if (found.status !== 'up') throw new Error('the set was not read')
  return found.data.set
}

test('one is forced in every process and a later one, and released', async () => {
  expect([await a.send(), await b.send()]).toEqual(['sendgrid', 'sendgrid'])
  const run = await act('provider.force', force)
  expect(run).toMatchObject({ status: 'succeeded', summary: 'Forced email to mailgun on 2 of 2 processes.' })
  const late = await startTestProcess(settings, { instance: 'checkout-late' })
  expect([await a.send(), await b.send(), await late.send()]).toEqual(['mailgun', 'mailgun', 'mailgun'])
  await vi.waitFor(
    async () =>
      expect(await setOf('email')).toMatchObject({
        state: 'forced',
        forced: { provider: 'mailgun', by: operator.name, reason: force.reason, processes: 3 },
        providers: [{ name: 'sendgrid' }, { name: 'mailgun', serves: 3 }],
      }),
    soon,
  )
  await late.stop()
  await act('provider.release', { set: 'email', scope: fleet })
  expect([await a.send(), await b.send()]).toEqual(['sendgrid', 'sendgrid'])
})

test('it must be one of the set', async () => {
  expect(await refusalOf(act('provider.force', { ...force, provider: 'postmark' }))).toMatchObject({
    code: 'invalid',
    message: 'email has no provider postmark; it has sendgrid, mailgun.',
  })
})

test('an undo releases it', async () => {
  const run = await act('provider.force', force)
  await finished(await console.runner.undo(operator, environment(), run.id))
  expect(await a.send()).toBe('sendgrid')
  // Reports are up to two seconds old: until then a process is asked, and refuses.
  await vi.waitFor(
    async () =>
      expect((await act('provider.release', { set: 'email', scope: fleet })).summary).toContain('there is nothing to'),
    soon,
  )
})

test('a test is sent by one process with the provider that is asked for; a set that cannot says so', async () => {
  const test = { set: 'email', provider: 'mailgun', to: 'ada@example.com' }
  const run = await act('provider.test', test)
  expect(run).toMatchObject({
    status: 'succeeded',
    summary: expect.stringMatching(/^Sent a test with mailgun to ada@example\.com/),
  })
  expect([...a.tests, ...b.tests]).toEqual([{ by: 'mailgun', to: 'ada@example.com', key: run.id }])
  expect(await refusalOf(act('provider.test', { ...test, provider: 'postmark' }))).toMatchObject({ code: 'invalid' })
  expect(await refusalOf(act('provider.test', { ...test, to: ' ' }))).toMatchObject({
    fields: { to: 'must not be empty' },
  })
})

test('a set served by its second provider, and one with none left, want attention; figures are of the last minute', async () => {
  const policies = createPolicyRegistry()
  for (const name of ['first', 'second'])
    policies.declare({ name, breaker: { policy: { kind: 'consecutive', failures: 1 }, halfOpenAfterMs: 60_000 } })
  const down = new Set<string>(['first'])
  const sms = createFailover<string>({
    name: 'sms',
    providers: ['first', 'second'].map(name => ({
      name,
      port: name,
      policy: policies.get(name),
      quota: () => ({ limit: 100, remaining: 7 }),
    })),
    hadNoEffect: () => true,
    isProvidersFault: () => true,
  })
  const texting = await startTestProcess(settings, { service: 'texting', instance: 'texting-1', providers: [sms] })
  const send = () =>
    sms.run(async name => {
      if (down.has(name)) throw new Error(`${name} says: unpaid, key sk_live_51Habcdefghijklmnop1234`)
      return name
    })
  const items = async () =>
    (await console.view(overviewView, environment(), operator, {})).data.attention.filter(
      ({ id }) => id === 'providers:sms',
    )
  try {
    expect(await send()).toBe('second')
    await vi.waitFor(async () => {
      expect(await setOf('sms')).toMatchObject({
        state: 'secondary',
        testable: false,
        providers: [
          {
            name: 'first',
            breakers: { open: 1 },
            lastMinute: { calls: 1, failures: 1, failureClasses: [{ name: 'Error', count: 1 }] },
            quota: { limit: 100, remaining: 7, instance: 'texting-1' },
          },
          { name: 'second', serves: 1, lastMinute: { calls: 1, failures: 0, latencyMs: { p95: expect.any(Number) } } },
        ],
      })
      expect(await items()).toMatchObject([{ band: 'degraded', text: 'is served by second in 1 of 1 process' }])
    }, soon)
    expect(JSON.stringify(await setOf('sms'))).not.toContain('sk_live')
    expect(await refusalOf(act('provider.test', { set: 'sms', provider: 'first', to: '1' }))).toMatchObject({
      code: 'conflict',
      message: 'sms says no way to send a test.',
    })
    down.add('second')
    await send().catch(() => {})
    await vi.waitFor(async () => {
      expect(await setOf('sms')).toMatchObject({ state: 'down', processes: [{ down: true }] })
      expect(await items()).toMatchObject([{ band: 'failing', text: 'has no provider left in 1 of 1 process' }])
    }, soon)
    const list = async (filters: object) =>
      (await console.view(providersView, environment(), operator, { ...filters })).data.rows.map(({ name }) => name)
    expect(await list({ state: 'trouble' })).toEqual(['sms'])
    expect(await list({ q: 'sendgrid' })).toEqual(['email'])
    expect(await list({ service: 'texting' })).toEqual(['sms'])
  } finally {
    sms.close()
    policies.close()
    await texting.stop()
  }
})
