import { eq } from 'drizzle-orm'
import { describe, expect, test, vi } from 'vitest'
import { auditEvent, queuePause } from '../../../../../drizzle/schema/index.ts'
import type { QueueMajor } from '../../../../infrastructure/queue/index.ts'
import {
  act,
  begin,
  console,
  environment,
  finished,
  look,
  operator,
  prefix,
  program,
  refusalOf,
  settings,
  where,
} from '../../../testing/foreign-queue.ts'
import { openTestConsole } from '../../../testing/open-test-console.ts'
import { undoLostAt } from '../../../testing/undo-lost-at.ts'
import { queueView } from '../views/queue.ts'

describe.each<QueueMajor>([4, 5, 6])('a queue of BullMQ %i', major => {
  test('paused and resumed by acts, and each undone, while a producer runs: every job is completed once', async () => {
    await begin(major)
    await program.ask('work', { concurrency: 5 })
    await program.ask('startProducing')
    const paused = await act('queue.pause', {})
    expect(paused).toMatchObject({ status: 'succeeded', summary: `Paused ${prefix}:mail.` })
    expect(await program.ask('isPaused')).toBe(true)
    expect((await look('waiting')).row).toMatchObject({ state: 'paused', paused: true, major, troubles: ['paused'] })
    expect((await refusalOf(act('queue.pause', {}))).message).toContain('already paused')
    await finished(await console.runner.undo(operator, environment(), paused.id))
    expect(await program.ask('isPaused')).toBe(false)
    const again = await act('queue.pause', {})
    const resumed = await act('queue.resume', {})
    // A queue that was resumed since cannot be resumed by an undo.
    expect((await console.runner.find(operator, environment(), again.id)).undo).toBeUndefined()
    await finished(await console.runner.undo(operator, environment(), resumed.id))
    expect(await program.ask('isPaused')).toBe(true)
    await act('queue.resume', {})
    const added = await program.ask<string[]>('stopProducing')
    await vi.waitFor(async () => expect((await program.ask<string[]>('done')).length).toBe(added.length), 15_000)
    expect((await program.ask<string[]>('done')).toSorted()).toEqual(added.toSorted())
  }, 60_000)
})

test('a pause for a time is shown with who, why and until when, and ends without an operator, also after a restart of the console', async () => {
  await begin(6)
  await program.ask('add', { jobs: [{ name: 'send', data: {}, opts: {} }] })
  expect(await act('queue.pause', { minutes: 30, reason: 'provider is down' })).toMatchObject({
    summary: `Paused ${prefix}:mail for 30 minutes.`,
  })
  const detail = await queueOf()
  expect(detail.pause).toMatchObject({ by: operator.name, reason: 'provider is down', until: expect.any(Number) })
  await console.close()
  const again = await openTestConsole(settings)
  try {
    expect(await program.ask('isPaused')).toBe(true)
    await again.store.db
      .update(queuePause)
      .set({ until: new Date(Date.now() - 1) })
      .where(eq(queuePause.environment, environment()))
    await vi.waitFor(async () => expect(await program.ask('isPaused')).toBe(false), 20_000)
    await vi.waitFor(async () => {
      const lines = await again.store.db.select().from(auditEvent).where(eq(auditEvent.environment, environment()))
      const why = expect.stringContaining(`the time of the pause by ${operator.name} is over`)
      const own = lines.filter(({ actorName }) => actorName === 'Substation')
      expect(own.toSorted((a, b) => a.seq - b.seq)).toMatchObject([
        { kind: 'started', operation: 'queue.resume', reason: why },
        { kind: 'outcome', operation: 'queue.resume', message: why, run: own[0]?.run },
      ])
    }, 10_000)
    const left = () => again.store.db.select().from(queuePause).where(eq(queuePause.environment, environment()))
    await vi.waitFor(async () => expect(await left()).toEqual([]), 10_000)
  } finally {
    await again.close()
  }
}, 60_000)

test('a queue that a program paused names nobody', async () => {
  await begin(5)
  await program.ask('pause')
  expect((await queueOf()).pause).toBeUndefined()
})

async function queueOf() {
  const { data } = await console.view(queueView, environment(), operator, where())
  if (data.queue.status !== 'up') throw new Error('the queue could not be read')
  return data.queue.data
}

test.each(['begun', 'ran'] as const)(
  'an undo whose console is lost when %s is finished as an undo',
  async step => {
    await begin(6)
    const undone = async (operation: string, input: object) => {
      const { id } = await act(operation, input)
      return undoLostAt({ run: id, step, survivor: console, settings, actor: operator })
    }
    const pause = await undone('queue.pause', {})
    expect(await program.ask('isPaused')).toBe(false)
    expect(pause).toMatchObject({ undo: { status: 'succeeded' }, act: { status: 'undone' } })
    const limits = await undone('queue.set-limits', { concurrency: 3, rate: null })
    expect(limits.undo).toMatchObject({
      summary: expect.stringContaining(step === 'ran' ? 'no limits' : 'Nothing was done'),
    })
    expect(limits.act.status).toBe(step === 'ran' ? 'undone' : 'succeeded')
  },
  60_000,
)
