import { createRequire } from 'node:module'
import { describe, expect, test, vi } from 'vitest'
import { adoptOpossum, type OpossumBreaker } from '../../../../infrastructure/resilience/index.ts'
import { startTestProcess } from '../../../testing/open-test-console.ts'
import {
  a,
  act,
  auditOf,
  b,
  console,
  environment,
  finished,
  operator,
  refusalOf,
  settings,
} from '../../../testing/two-checkouts.ts'
import { runningView } from '../../running/views/running.ts'
import { limitsView } from '../views/limits.ts'

/** opossum ships no types. */
const Opossum = createRequire(import.meta.url)('opossum') as new (
  action: () => Promise<string>,
) => OpossumBreaker & { shutdown(): void }

const fleet = { kind: 'fleet' }
const oneFailure = { kind: 'consecutive', failures: 1 }
const changePolicy = {
  breaker: 'payments',
  scope: fleet,
  policy: oneFailure,
  timeoutMs: 500,
  reason: 'the provider is flaky today',
}
const previewOf = (operation: string, input: object) =>
  console.runner.preview(operator, { environment: environment(), operation, input })
const policiesOf = () => [a, b].map(({ breaker }) => breaker.report().policy)
/** Reports are up to two seconds old: until then a process is asked, and refuses. */
const nothingToEnd = (operation: string, input: object) =>
  vi.waitFor(async () => expect((await act(operation, input)).summary).toContain('there is nothing to'), {
    timeout: 8_000,
    interval: 200,
  })
const fail = (process: typeof a) => process.breaker.execute(() => Promise.reject(new Error('down'))).catch(() => {})

test('the preview of a trip says how many calls it cuts, of whom, and what they get instead', async () => {
  const trip = { breaker: 'payments', scope: fleet, state: 'open', reason: 'a test' }
  for (let calls = 0; calls < 3; calls++) await a.call()
  await b.call()
  await vi.waitFor(
    async () =>
      expect((await previewOf('breaker.force', trip)).warnings).toEqual([
        'Every call to this dependency will be rejected without being made.',
        expect.stringMatching(/^In the last minute there were \d+ calls of checkout\.$/),
        'No fallback is declared: callers get the error.',
      ]),
    { timeout: 8_000 },
  )
  await b.policy.execute(() => Promise.reject(new Error('down')), { fallback: () => 'instead' })
  await vi.waitFor(
    async () =>
      expect((await previewOf('breaker.force', trip)).warnings).toContain(
        'Callers have a fallback in 1 of 2 processes.',
      ),
    { timeout: 8_000 },
  )
})

describe("a breaker's policy", () => {
  test('is changed in every process, also in one that starts later, until it is restored', async () => {
    const declared = policiesOf()
    const run = await act('breaker.change-policy', changePolicy)
    expect(run).toMatchObject({ status: 'succeeded', summary: 'Changed the policy of payments on 2 of 2 processes.' })
    expect(policiesOf()).toEqual([oneFailure, oneFailure])
    await fail(a)
    expect([a.breaker.state, b.breaker.state]).toEqual(['open', 'closed'])
    expect(await auditOf(run.id)).toMatchObject([
      { kind: 'started', operation: 'breaker.change-policy', targetName: 'payments', reason: changePolicy.reason },
      { kind: 'outcome', outcome: 'succeeded' },
    ])
    const late = await startTestProcess(settings, { instance: 'checkout-late' })
    expect(late.breaker.report()).toMatchObject({
      policy: oneFailure,
      timeoutMs: 500,
      policyOverride: { id: run.id, by: operator.name, reason: changePolicy.reason, until: expect.any(Number) },
    })
    const restored = await act('breaker.restore-policy', { breaker: 'payments', scope: fleet })
    expect(restored).toMatchObject({ status: 'succeeded' })
    expect([...policiesOf(), late.breaker.report().policy]).toEqual([...declared, declared[0]])
    // Restoring rules does not close what they have opened.
    expect(a.breaker.state).toBe('open')
    a.breaker.reset()
    await late.stop()
  })

  test('is undone, which puts the change that it replaced in force again', async () => {
    await act('breaker.change-policy', changePolicy)
    const second = await act('breaker.change-policy', { ...changePolicy, policy: { kind: 'consecutive', failures: 9 } })
    expect(policiesOf()).toEqual([
      { kind: 'consecutive', failures: 9 },
      { kind: 'consecutive', failures: 9 },
    ])
    const undone = await finished(await console.runner.undo(operator, environment(), second.id))
    expect(undone.summary).toBe('Restored the earlier override of payments on 2 of 2 processes.')
    expect(policiesOf()).toEqual([oneFailure, oneFailure])
  })

  test('the preview says what it will be, whom it affects, and what it replaces', async () => {
    expect(await previewOf('breaker.change-policy', { ...changePolicy, minutes: 15 })).toMatchObject({
      summary:
        'payments opens after 1 failure in a row, ends a call after 500 ms, in 2 processes for 15 minutes, and in processes that start in that time.',
      action: 'Change the policy in 2 processes',
      affected: { count: 2, sample: expect.arrayContaining(['checkout-1', 'checkout-2']) },
      warnings: ['Calls had no time limit in 2 processes; they get one.'],
      dependents: ['checkout'],
    })
    await act('breaker.change-policy', changePolicy)
    await vi.waitFor(
      async () =>
        expect((await previewOf('breaker.change-policy', changePolicy)).warnings).toContain(
          'Already changed in 2 processes, by operator; this replaces it.',
        ),
      { timeout: 8_000 },
    )
    expect((await previewOf('breaker.restore-policy', { breaker: 'payments', scope: fleet })).summary).toBe(
      'payments has its declared policy again in 2 processes: it opens after 3 failures in a row.',
    )
  })

  test.each([
    [{ breaker: 'payments', scope: fleet, reason: 'x' }, 'policy'],
    [{ ...changePolicy, policy: { kind: 'sampling', threshold: 1.5, durationMs: 60_000 } }, 'policy.threshold'],
    [{ ...changePolicy, policy: { kind: 'consecutive', failures: 0 } }, 'policy.failures'],
    [{ ...changePolicy, timeoutMs: 0 }, 'timeoutMs'],
    [{ ...changePolicy, reason: undefined }, 'reason'],
  ])('is not changed by %j', async (input, field) => {
    const refusal = await refusalOf(act('breaker.change-policy', input))
    expect(refusal.code).toBe('invalid')
    expect(Object.keys(refusal.fields ?? {})).toContain(field)
    expect(policiesOf().map(({ kind }) => kind)).toEqual(['consecutive', 'consecutive'])
  })

  test('nothing is restored where nothing was changed', async () => {
    await nothingToEnd('breaker.restore-policy', { breaker: 'payments', scope: fleet })
  })

  test('a breaker of another library: what it cannot do is said before, and refused by its process', async () => {
    const breaker = new Opossum(async () => 'ok')
    adoptOpossum('ledger', breaker, a.breakers)
    try {
      const input = { breaker: 'ledger', scope: fleet, state: 'shadow', reason: 'a test' }
      await vi.waitFor(
        async () =>
          expect((await previewOf('breaker.force', input)).warnings).toEqual([
            'Refused in 1 process, whose breaker is of a library that cannot do this: checkout-1.',
          ]),
        { timeout: 8_000 },
      )
      expect((await previewOf('breaker.force', { ...input, state: 'closed' })).warnings).toEqual([])
      const run = await act('breaker.force', input)
      expect(run).toMatchObject({ status: 'failed', summary: expect.stringContaining('checkout-1 refused') })
      expect((await previewOf('breaker.change-policy', { ...changePolicy, breaker: 'ledger' })).warnings[0]).toContain(
        'cannot do this',
      )
    } finally {
      breaker.shutdown()
    }
  })
})

describe('limits', () => {
  const change = {
    policy: 'payments',
    scope: fleet,
    limits: { bulkhead: { maxConcurrent: 2 }, retryBudget: { ratio: 0 } },
    reason: 'the provider asked for less',
  }
  const limitsIn = ({ policy }: typeof a) => {
    const { bulkhead, rateLimit, retry } = policy.report()
    return [bulkhead?.maxConcurrent, rateLimit?.calls, retry?.budget?.ratio]
  }
  const limitsOf = async (name: string) => {
    const { limits } = (await console.view(limitsView, environment(), operator, {})).data
    if (limits.status !== 'up') throw new Error('limits were not read')
    return limits.data.policies.find(one => one.name === name)
  }

  test('are changed in every process and a later one, shown with owner and expiry, and restored', async () => {
    expect(limitsIn(a)).toEqual([10, 100, 0.2])
    const run = await act('policy.change-limits', change)
    expect(run).toMatchObject({ status: 'succeeded', summary: 'Changed the limits of payments on 2 of 2 processes.' })
    const late = await startTestProcess(settings, { instance: 'checkout-late' })
    expect([a, b, late].map(limitsIn)).toEqual(Array(3).fill([2, 100, 0]))
    await vi.waitFor(
      async () =>
        expect(await limitsOf('payments')).toMatchObject({
          services: ['checkout'],
          mixed: false,
          bulkhead: { maxConcurrent: 2, maxQueued: 5, active: 0, queued: 0, refused: 0 },
          rateLimit: { calls: 100, shared: false },
          retryBudget: { ratio: 0, exhausted: 0 },
          override: { by: operator.name, reason: change.reason, until: expect.any(Number), processes: 3 },
        }),
      { timeout: 8_000 },
    )
    await act('policy.restore-limits', { policy: 'payments', scope: fleet })
    expect([a, b, late].map(limitsIn)).toEqual(Array(3).fill([10, 100, 0.2]))
    await late.stop()
  })

  test('the preview says what they will be; a part that is not declared is refused with its name', async () => {
    const preview = await previewOf('policy.change-limits', { ...change, minutes: null })
    expect(preview.summary).toBe(
      'payments: at most 2 calls at a time, no retries beyond the minimum, in 2 processes until it is restored.',
    )
    expect(
      await refusalOf(act('policy.change-limits', { ...change, policy: 'sendgrid', limits: change.limits })),
    ).toMatchObject({ code: 'invalid', message: expect.stringContaining('sendgrid has no bulkhead') })
    expect(await refusalOf(act('policy.change-limits', { ...change, limits: { bulkhead: {} } }))).toMatchObject({
      code: 'invalid',
      fields: { limits: 'say which limit is to change' },
    })
    expect(await refusalOf(act('policy.change-limits', { ...change, policy: 'nothing' }))).toMatchObject({
      code: 'not_found',
      message: 'No living process in this environment has a policy called nothing.',
    })
  })

  test('an undo puts back what was in force before', async () => {
    const run = await act('policy.change-limits', change)
    await finished(await console.runner.undo(operator, environment(), run.id))
    expect([limitsIn(a), limitsIn(b)]).toEqual([
      [10, 100, 0.2],
      [10, 100, 0.2],
    ])
    await nothingToEnd('policy.restore-limits', { policy: 'payments', scope: fleet })
  })
})

test('all that operators hold is on one page, each with what ends it', async () => {
  await act('breaker.force', { breaker: 'payments', scope: fleet, state: 'shadow', reason: 'a test' })
  await act('breaker.change-policy', changePolicy)
  await act('policy.change-limits', {
    policy: 'payments',
    scope: fleet,
    limits: { rateLimit: { calls: 7 } },
    reason: 'a test',
  })
  await act('provider.force', { set: 'email', provider: 'mailgun', scope: fleet, reason: 'a test' })
  const { overrides } = (await console.view(runningView, environment(), operator, {})).data
  if (overrides.status !== 'up') throw new Error('overrides were not read')
  expect(overrides.data.map(({ kind, name, held, endedBy, field }) => [kind, name, held, endedBy, field])).toEqual([
    ['provider set', 'email', 'uses mailgun only', 'provider.release', 'set'],
    ['policy', 'payments', 'at most 7 calls in its period', 'policy.restore-limits', 'policy'],
    [
      'breaker',
      'payments',
      'opens after 1 failure in a row, ends a call after 500 ms',
      'breaker.restore-policy',
      'breaker',
    ],
    ['breaker', 'payments', 'held in shadow', 'breaker.release', 'breaker'],
  ])
})
