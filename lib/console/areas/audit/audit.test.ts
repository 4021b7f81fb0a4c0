import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { auditEvent } from '../../../../drizzle/schema/index.ts'
import { newId } from '../../../core/ids.ts'
import { createDatabase, redisUrl } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import { recordAudit } from '../../platform/audit/record.ts'
import { actorOf, openTestConsole, testSettings } from '../../testing/open-test-console.ts'
import { refusalOf } from '../../testing/outcomes.ts'
import { runView } from '../running/views/run.ts'
import { askedExport, exportAudit } from './export.ts'
import { auditView } from './views/audit.ts'

let console: Console
let database: Awaited<ReturnType<typeof createDatabase>>
let environment: string
/** Each test has an operation of its own, so that none meets the acts of another. */
let operation: string
const admin = actorOf('admin')

beforeAll(async () => {
  database = await createDatabase()
  const settings = testSettings({ databaseUrl: database.url, redisUrl: redisUrl() })
  environment = settings.environments[0]?.name ?? ''
  console = await openTestConsole(settings)
})
beforeEach(() => {
  operation = `queue.${newId().toLowerCase()}`
})
afterAll(async () => {
  await console.close()
  await database.drop()
})

const read = async (filters: Record<string, string> = {}) => {
  const { audit } = (await console.view(auditView, environment, admin, { operation, ...filters })).data
  if (audit.status !== 'up') throw new Error('the audit could not be read')
  return audit.data
}
const line = (kind: 'refused' | 'started' | 'outcome', more: Partial<Parameters<typeof recordAudit>[1]> = {}) =>
  recordAudit(console.store.db, {
    run: newId(),
    seq: 0,
    kind,
    environment,
    operation,
    actor: admin,
    ...more,
  })

async function act(target: string, outcome: string, message: string): Promise<string> {
  const run = newId()
  await line('started', { run, target: { kind: 'queue', name: target }, reason: `why ${target}` })
  await line('outcome', { run, seq: 2, target: { kind: 'queue', name: target }, outcome, message, durationMs: 42 })
  return run
}
const refuse = (actor = admin) => line('refused', { actor, outcome: 'invalid', message: 'which is missing.' })

test('an act is one row with its outcome, and refusals of a kind are one row with their number', async () => {
  const [mail, sms] = [await act('mail', 'succeeded', 'Paused mail.'), await act('sms', 'failed', 'Redis is down.')]
  for (let at = 0; at < 30; at++) await refuse()
  for (let at = 0; at < 3; at++) await refuse(actorOf('operator'))
  const { rows } = await read()
  expect(rows.map(({ kind, run, outcome, message, refusals }) => ({ kind, run, outcome, message, refusals }))).toEqual([
    expect.objectContaining({ kind: 'refused', refusals: { count: 3, since: expect.any(Number) } }),
    expect.objectContaining({ kind: 'refused', refusals: { count: 30, since: expect.any(Number) } }),
    { kind: 'act', run: sms, outcome: 'failed', message: 'Redis is down.', refusals: undefined },
    { kind: 'act', run: mail, outcome: 'succeeded', message: 'Paused mail.', refusals: undefined },
  ])
  expect(rows[3]).toMatchObject({ reason: 'why mail', durationMs: 42, target: { name: 'mail' } })
  expect((await read({ kind: 'act' })).rows).toHaveLength(2)
  expect((await read({ kind: 'refused' })).rows).toHaveLength(2)
  // Found by its outcome, too.
  expect((await read({ q: 'Redis is down' })).rows.map(({ run }) => run)).toEqual([sms])

  const folded = rows[1]?.run ?? ''
  const { run } = (await console.view(runView, environment, admin, { id: folded })).data
  expect(run.status === 'up' && run.data.trail).toHaveLength(30)
})

test('hundreds of refusals take one row of a page: older acts stay in sight', async () => {
  const before = await act('before-the-storm', 'succeeded', 'Paused.')
  await console.store.db.insert(auditEvent).values(
    Array.from({ length: 900 }, () => ({
      ...{ run: newId(), seq: 0, kind: 'refused', environment, operation, outcome: 'invalid' },
      ...{ actorId: admin.id, actorName: admin.name, actorRole: admin.role, via: 'api', request: newId() },
    })),
  )
  const { rows } = await read()
  expect(rows.find(({ run }) => run === before)).toBeDefined()
  const stormed = rows.flatMap(({ refusals }) => (refusals ? [refusals.count] : []))
  // Two, if the hour changes while they are written.
  expect(stormed.length).toBeLessThanOrEqual(2)
  expect(stormed.reduce((sum, count) => sum + count, 0)).toBe(900)
  expect(rows.length).toBeLessThan(20)
})

test('the export has every line as NDJSON and CSV, whole although it is read in batches, and no cell that is a formula', async () => {
  await act('exported', 'succeeded', '=HYPERLINK("http://example.test")')
  const whole = async (format: 'csv' | 'ndjson', query: Record<string, string> = {}) => {
    const asked = askedExport(console.access, admin, { format, ...query })
    let text = ''
    for await (const chunk of exportAudit(console.store.db, environment, asked.filters, asked.format)) text += chunk
    return text
  }
  const lines = (await whole('ndjson'))
    .trim()
    .split('\n')
    .map(text => JSON.parse(text) as Record<string, unknown>)
  const stored = await console.store.db.select({ id: auditEvent.id }).from(auditEvent)
  expect(lines.map(({ id }) => id).sort()).toEqual(stored.map(({ id }) => id).sort())
  expect(lines.at(-1)).toMatchObject({ kind: 'outcome', targetName: 'exported', outcome: 'succeeded', durationMs: 42 })

  const csv = (await whole('csv', { q: 'exported', operation })).trim().split('\r\n')
  expect(csv[0]).toMatch(/^id,at,environment,run,kind,operation,/)
  expect(csv).toHaveLength(3)
  expect(csv[2]).toContain(`"'=HYPERLINK(""http://example.test"")"`)
})

test('an export is refused without the permission to read the audit, and for a filter that is not valid', async () => {
  const { access } = console
  expect(() => askedExport({ ...access, isAllowed: () => false }, admin, {})).toThrow(/needs the .* role/)
  const refusal = await refusalOf(
    Promise.resolve().then(() => askedExport(access, admin, { format: 'xml', from: 'yesterday', colour: 'red' })),
  )
  expect(Object.keys(refusal.fields ?? {}).sort()).toEqual(['colour', 'format', 'from'])
})
