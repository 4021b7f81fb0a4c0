import { eq, sql } from 'drizzle-orm'
import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { auditEvent, operationItem, operationRun } from '../../../../../drizzle/schema/index.ts'
import { createDatabase, redisUrl, startRedis } from '../../../../infrastructure/testing/servers.ts'
import { Commands, Fleet } from '../../../fleet/resources.ts'
import { actorOf, openTestConsole, startTestProcess, testSettings } from '../../../testing/open-test-console.ts'
import {
  a,
  auditOf,
  b,
  console,
  database,
  environment,
  finished,
  force,
  inputOf,
  operator,
  refusalOf,
  settings,
} from '../../../testing/two-checkouts.ts'

test('a forced breaker rejects the next call in every process, and the audit says who did it', async () => {
  expect(await a.call()).toBe('called')
  const run = await force.run(inputOf('open'))
  expect(run).toMatchObject({
    status: 'succeeded',
    summary: 'Forced open payments on 2 of 2 processes.',
    items: { total: 2, byStatus: { done: 2 } },
  })
  expect([await a.call(), await b.call()]).toEqual(['BREAKER_OPEN', 'BREAKER_OPEN'])
  expect(await auditOf(run.id)).toMatchObject([
    { kind: 'started', actorId: operator.id, operation: 'breaker.force', targetName: 'payments', reason: 'a test' },
    { kind: 'outcome', actorId: operator.id, outcome: 'succeeded' },
  ])
})

test('one process alone is forced, and released without affecting the others', async () => {
  await force.run(inputOf('open'))
  const request = {
    environment: environment(),
    operation: 'breaker.release',
    input: { breaker: 'payments', scope: { kind: 'process', process: a.member.id } },
  }
  await vi.waitFor(async () => expect((await console.runner.preview(operator, request)).affected.count).toBe(1), {
    timeout: 8_000,
  })
  await finished(await console.runner.run(operator, request))
  expect([await a.call(), await b.call()]).toEqual(['called', 'BREAKER_OPEN'])
  // A process that starts later still gets the fleet's override; the released one stays without it.
  const late = await startTestProcess(settings, { instance: 'checkout-late' })
  expect(await late.call()).toBe('BREAKER_OPEN')
  await late.stop()
  const [override] = (await console.environment(environment())?.of(Commands).overrides()) ?? []
  expect(override?.except).toEqual([{ processes: [a.member.id] }])
})

test('a process that was named is named in the preview and in the outcome', async () => {
  const input = inputOf('shadow', { kind: 'process', process: a.member.id })
  const preview = await console.runner.preview(operator, {
    environment: environment(),
    operation: 'breaker.force',
    input: { ...input, minutes: 15 },
  })
  expect(preview).toMatchObject({
    summary: 'payments will be held in shadow in checkout-1 for 15 minutes.',
    action: 'Shadow in checkout-1',
  })
  expect((await force.run(input)).summary).toBe('Put payments into shadow in checkout-1.')
})

test('a viewer is refused, nothing happens, and the refusal is in the audit', async () => {
  const viewer = actorOf('viewer')
  const refusal = await refusalOf(
    console.runner.run(viewer, { environment: environment(), operation: 'breaker.force', input: inputOf('open') }),
  )
  expect(refusal).toMatchObject({ code: 'forbidden', needs: 'operator' })
  expect(await a.call()).toBe('called')
  const [row] = await console.store.db.select().from(auditEvent).where(eq(auditEvent.request, viewer.request))
  expect(row).toMatchObject({ kind: 'refused', outcome: 'forbidden', actorId: viewer.id })
})

test("an act on many without a preview, with someone else's token or for something else is refused", async () => {
  const request = { environment: environment(), operation: 'breaker.force', input: inputOf('open') }
  expect((await refusalOf(console.runner.run(operator, request))).code).toBe('preview_required')
  const { token } = await console.runner.preview(actorOf('admin'), request)
  expect((await refusalOf(console.runner.run(operator, { ...request, token }))).code).toBe('preview_required')
  const own = await console.runner.preview(operator, request)
  expect(
    (await refusalOf(console.runner.run(operator, { ...request, input: inputOf('closed'), token: own.token }))).code,
  ).toBe('preview_required')
  expect(
    (await refusalOf(console.runner.run(operator, { ...request, token: `${own.token.slice(0, -3)}AAA` }))).code,
  ).toBe('preview_required')
  expect(await a.call()).toBe('called')
})

test('a preview needs no reason, and its token is good for any reason written then: an act without one is refused', async () => {
  const { reason: _reason, ...unexplained } = inputOf('open')
  const request = { environment: environment(), operation: 'breaker.force', input: unexplained }
  const before = await refusalCount()
  const { token, reasonRequired } = await console.runner.preview(operator, request)
  expect(reasonRequired).toBe(true)
  expect((await refusalOf(console.runner.run(operator, { ...request, token }))).fields).toEqual({
    reason: 'is missing',
  })
  const run = await console.runner.run(operator, {
    ...request,
    input: { ...unexplained, reason: 'written after the preview' },
    token,
  })
  expect(await finished(run)).toMatchObject({ status: 'succeeded', reason: 'written after the preview' })
  // A preview is no act: an incomplete input that is previewed while it is typed leaves no line.
  await refusalOf(console.runner.preview(operator, { ...request, input: { ...unexplained, breaker: '' } }))
  expect(await refusalCount()).toBe(before + 1)
})

test('a set that has grown since the preview is refused', async () => {
  const request = { environment: environment(), operation: 'breaker.force', input: inputOf('open') }
  const { token } = await console.runner.preview(operator, request)
  const third = await startTestProcess(settings, { instance: 'checkout-3' })
  await vi.waitFor(async () => expect((await console.runner.preview(operator, request)).affected.count).toBe(3), {
    timeout: 8_000,
  })
  expect((await refusalOf(console.runner.run(operator, { ...request, token }))).code).toBe('set_grew')
  expect(await a.call()).toBe('called')
  await third.stop()
})

test('bad input is reported by field, and nothing is done', async () => {
  const attempt = (input: unknown) =>
    refusalOf(console.runner.run(operator, { environment: environment(), operation: 'breaker.force', input }))
  expect(await attempt(undefined)).toMatchObject({ code: 'invalid', fields: { input: 'is missing' } })
  expect(await attempt({})).toMatchObject({
    code: 'invalid',
    fields: { breaker: 'is missing', reason: 'is missing', state: expect.stringContaining('must be one of') },
  })
  expect(await attempt({ ...inputOf('open'), breaker: 'x'.repeat(301) })).toMatchObject({
    fields: { breaker: 'must have at most 300 characters' },
  })
  expect(await attempt({ ...inputOf('open'), breaker: 7 })).toMatchObject({ fields: { breaker: 'must be a string' } })
  expect(await attempt({ ...inputOf('open'), breaker: 'a\u0000b' })).toMatchObject({
    fields: { breaker: expect.stringContaining('control characters') },
  })
  expect(await attempt({ ...inputOf('open'), surplus: 1 })).toMatchObject({
    fields: { surplus: 'is not a known field' },
  })
  expect(await attempt(inputOf('open', { kind: 'process', process: "'; drop table" }))).toMatchObject({
    code: 'invalid',
    fields: { 'scope.process': 'must be the id of a process' },
  })
  expect(
    await refusalOf(
      console.runner.preview(operator, {
        environment: environment(),
        operation: 'breaker.force',
        input: { ...inputOf('open'), breaker: 'pаyments' },
      }),
    ),
  ).toMatchObject({ code: 'not_found' })
  expect(
    await refusalOf(console.runner.run(operator, { environment: 'nowhere', operation: 'breaker.force', input: {} })),
  ).toMatchObject({ code: 'not_found' })
  expect(
    await refusalOf(console.runner.run(operator, { environment: environment(), operation: 'rm -rf', input: {} })),
  ).toMatchObject({ code: 'not_found' })
})

test('production asks for the name of the target', async () => {
  const production = testSettings({ databaseUrl: database.url, redisUrl: redisUrl(), production: true })
  const other = await openTestConsole(production)
  const testProcess = await startTestProcess(production)
  const request = {
    environment: production.environments[0]?.name ?? '',
    operation: 'breaker.force',
    input: inputOf('open', { kind: 'process', process: testProcess.member.id }),
  }
  const preview = await other.runner.preview(operator, request)
  expect(preview.confirmation).toBe('typed')
  expect(
    await refusalOf(other.runner.run(operator, { ...request, token: preview.token, typedName: 'payment' })),
  ).toMatchObject({ code: 'confirmation' })
  expect(await testProcess.call()).toBe('called')
  await other.runner.run(operator, { ...request, token: preview.token, typedName: 'payments' })
  await vi.waitFor(async () => expect(await testProcess.call()).toBe('BREAKER_OPEN'))
  await testProcess.stop()
  await other.close()
})

test('an audit row can be neither changed nor deleted', async () => {
  await expect(console.store.db.update(auditEvent).set({ actorName: 'nobody' })).rejects.toThrow(
    /audit_event is insert-only/,
  )
  await expect(console.store.db.delete(auditEvent)).rejects.toThrow(/audit_event is insert-only/)
})

test('a silent process is named, and the rest is done', async () => {
  const silent = await startTestProcess(settings, {
    instance: 'checkout-silent',
    key: 'another-key-that-is-long-enough-to-sign',
  })
  const request = { environment: environment(), operation: 'breaker.force', input: inputOf('open') }
  await vi.waitFor(async () => expect((await console.runner.preview(operator, request)).affected.count).toBe(3), {
    timeout: 8_000,
  })
  const run = await force.run(inputOf('open'))
  expect(run).toMatchObject({ status: 'partial', items: { byStatus: { done: 2, silent: 1 } } })
  expect(run.summary).toContain('no answer from checkout-silent')
  expect(await silent.call()).toBe('called')
  await silent.stop()
}, 30_000)

test('a durable act runs in the job store, with a ledger', async () => {
  const lost = await startTestProcess(settings, { instance: 'checkout-gone' })
  await lost.stop()
  const request = {
    environment: environment(),
    operation: 'process.forget',
    input: { which: { kind: 'process', process: lost.member.id } },
  }
  await vi.waitFor(async () => expect((await console.runner.preview(operator, request)).affected.count).toBe(1), {
    timeout: 8_000,
  })
  const run = await finished(await console.runner.run(operator, request))
  expect(run).toMatchObject({ status: 'succeeded', items: { total: 1, byStatus: { done: 1 } } })
  const fleet = await console.environment(environment())?.of(Fleet).read()
  expect(fleet?.status === 'up' && fleet.data.processes.some(process => process.id === lost.member.id)).toBe(false)
  const items = await console.store.db.select().from(operationItem).where(eq(operationItem.runId, run.id))
  expect(items).toMatchObject([{ status: 'done' }])
})

test('what it cannot record, it does not do', async () => {
  const own = await createDatabase()
  const fragile = testSettings({ databaseUrl: own.url, redisUrl: redisUrl(), environment: environment() })
  const other = await openTestConsole(fragile)
  const request = {
    environment: environment(),
    operation: 'breaker.force',
    input: inputOf('open', { kind: 'process', process: a.member.id }),
  }
  await other.runner.preview(operator, request)
  await other.store.db.execute(sql`alter table substation.operation_run rename to hidden`)
  expect(await refusalOf(other.runner.run(operator, request))).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('it was not done'),
  })
  expect(await a.call()).toBe('called')
  await other.close()
  await own.drop()
})

test('runs of another environment are not found', async () => {
  const run = await force.run(inputOf('open'))
  expect((await refusalOf(console.runner.find(operator, 'elsewhere', run.id))).code).toBe('not_found')
  const rows = await console.store.db.select().from(operationRun).where(eq(operationRun.id, run.id))
  expect(rows).toMatchObject([{ payload: null, status: 'succeeded' }])
})

test('a command that Redis does not confirm is unknown, not failed: it may still take effect', async () => {
  const server = await startRedis()
  const own = testSettings({ databaseUrl: database.url, redisUrl: server.url })
  const other = await openTestConsole(own)
  const testProcess = await startTestProcess(own)
  const redis = new Redis(server.url)
  const request = { environment: own.environments[0]?.name ?? '', operation: 'breaker.force', input: inputOf('open') }
  const { token } = await other.runner.preview(operator, request)
  // Reads go on, so the act begins; the transaction that sends it hangs.
  await redis.call('CLIENT', 'PAUSE', '20000', 'WRITE')
  const run = await other.runner.run(operator, { ...request, token })
  const closed = await vi.waitFor(
    async () => {
      const found = await other.runner.find(operator, run.environment, run.id)
      expect(found.finishedAt).toBeDefined()
      return found
    },
    { timeout: 15_000, interval: 50 },
  )
  expect(closed).toMatchObject({ status: 'unknown', summary: expect.stringContaining('may have taken effect') })
  await redis.call('CLIENT', 'UNPAUSE')
  await vi.waitFor(async () => expect(await testProcess.call()).toBe('BREAKER_OPEN'), { timeout: 10_000 })
  redis.disconnect()
  await testProcess.stop()
  await other.close()
  await server.close()
}, 40_000)

async function refusalCount(): Promise<number> {
  const rows = await console.store.db.select().from(auditEvent).where(eq(auditEvent.kind, 'refused'))
  return rows.filter(row => row.environment === environment() && row.operation === 'breaker.force').length
}
