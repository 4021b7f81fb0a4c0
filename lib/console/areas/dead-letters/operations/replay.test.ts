import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { QueueMajor } from '../../../../infrastructure/queue/index.ts'
import type { Run } from '../../../platform/operation/wire.ts'
import {
  begin,
  bury,
  console,
  environment,
  finished,
  length,
  operator,
  prefix,
  program,
  redis,
  refusalOf,
  settings,
  takeOver,
} from '../../../testing/foreign-queue.ts'
import { DeadLetters } from '../resource.ts'

const all = () => ({ by: 'all', server: 'main', queue: `${prefix}:mail` })
const request = (input: object) => ({ environment: environment(), operation: 'dead-letters.replay', input })
const MEND = [{ op: 'remove', path: '/fail' }]

async function replay(input: object): Promise<Run> {
  const asked = request(input)
  const { token } = await console.runner.preview(operator, asked)
  return finished(await console.runner.run(operator, { ...asked, token }))
}
/** The console has found the queue: acts on all of it go by what was found. */
const found = () =>
  vi.waitFor(async () => {
    const index = console.environment(environment())?.of(DeadLetters).server('main')
    await index?.refresh()
    const part = index?.peek()
    expect(part?.status === 'up' && part.data.queues.length).toBe(1)
    return part?.status === 'up' ? part.data.queues[0] : undefined
  }, 10_000)
/** How often workers have begun each job. */
const attempts = (ids: readonly string[]) => Promise.all(ids.map(id => redis.llen(`${prefix}:mail:${id}:logs`)))
const hashes = (ids: readonly string[]) =>
  Promise.all(
    ids.map(async id => [await redis.hgetall(`${prefix}:mail:${id}`), await redis.zscore(`${prefix}:mail:failed`, id)]),
  )

describe.each<QueueMajor>([4, 5, 6])('dead letters of BullMQ %i', major => {
  test('a canary that fails stops before the rest, which no worker sees; with the payload mended all complete', async () => {
    await begin(major)
    const ids = await bury(12)
    await found()
    await program.ask('work', { concurrency: 5 })
    const stopped = await replay({ which: all(), canary: 2 })
    expect(stopped.status).toBe('partial')
    expect(stopped.summary).toMatch(/^Stopped, because [12] jobs? of the canary failed again \(mailbox full\)\./)
    const begun = await attempts(ids)
    expect(begun.filter(count => count === 2)).toHaveLength(2)
    expect(begun.filter(count => count === 1)).toHaveLength(10)
    await vi.waitFor(async () => expect(await length('failed')).toBe(12))

    const mended = await replay({ which: all(), canary: 2, patch: MEND })
    expect(mended).toMatchObject({ status: 'succeeded', summary: 'Replayed 12 dead letters: 12 completed.' })
    expect((await program.ask<string[]>('done')).toSorted()).toEqual(ids.toSorted())
    expect(mended.items.byStatus).toMatchObject({ done: 13 })
  }, 60_000)

  test('those that failed again are replayed as a follow-up, and undo returns what has not begun, exactly', async () => {
    await begin(major)
    const ids = await bury(4)
    await found()
    const before = await hashes(ids)
    const run = await replay({ which: { by: 'ids', server: 'main', queue: `${prefix}:mail`, ids } })
    expect(run).toMatchObject({ status: 'succeeded', summary: 'Replayed 4 dead letters: 4 still waiting.' })
    expect(await length('failed')).toBe(0)
    const undone = await finished(await console.runner.undo(operator, environment(), run.id))
    expect(undone).toMatchObject({ status: 'succeeded', summary: '4 jobs returned to the dead letters.' })
    expect(await hashes(ids)).toEqual(before)

    await program.ask('work', { concurrency: 2 })
    await found()
    const again = await replay({ which: all() })
    expect(again).toMatchObject({ status: 'partial', items: { byStatus: { failed: 4 } } })
    const followUp = await replay({ which: { by: 'failed-again', run: again.id }, patch: MEND })
    expect(followUp.summary).toBe('Replayed 4 dead letters: 4 completed.')
    expect(await refusalOf(replay({ which: { by: 'failed-again', run: again.id } }))).toMatchObject({
      code: 'conflict',
    })
  }, 60_000)
})

test('only dead letters of the chosen kind are replayed, and the preview of an edit shows what changes', async () => {
  await begin(6)
  await bury(3, 'mailbox full')
  await bury(3, 'smtp refused')
  const queue = await found()
  const fingerprints = (queue?.kinds ?? []).flatMap(({ failure }) =>
    failure.pattern === 'mailbox full' ? [failure.fingerprint] : [],
  )
  const which = { by: 'kinds', fingerprints }
  const preview = await console.runner.preview(operator, request({ which, patch: MEND, rate: 2 }))
  expect(preview).toMatchObject({ action: 'Replay 3 dead letters', affected: { count: 3, precision: 'exact' } })
  expect(preview.summary).toContain('At 2 a second that takes about 2 seconds.')
  expect(preview.texts?.[0]?.text).toContain('-   "fail": "mailbox full",')
  expect(
    await refusalOf(console.runner.preview(operator, request({ which, patch: [{ op: 'remove', path: '/no' }] }))),
  ).toMatchObject({ code: 'invalid', fields: { patch: 'the patch does not apply: a path of it is missing' } })
  await program.ask('work', { concurrency: 2 })
  expect((await replay({ which, patch: MEND })).summary).toBe('Replayed 3 dead letters: 3 completed.')
  expect(await length('failed')).toBe(3)
}, 60_000)

test('it stops by itself once more than the given share of them failed again', async () => {
  await begin(6)
  await bury(60)
  await found()
  await program.ask('work', { concurrency: 10 })
  const run = await replay({ which: all(), rate: 20, stopAbove: 50 })
  expect(run.status).toBe('partial')
  expect(run.summary).toMatch(/^Stopped, because (\d+) of \1 failed again, which is more than 50 % \(mailbox full\)/)
  const moved = Number(/Replayed (\d+)/.exec(run.summary ?? '')?.[1])
  expect(moved).toBeGreaterThanOrEqual(10)
  expect(moved).toBeLessThan(60)
}, 60_000)

test('a console killed in the middle of a rate-limited replay: another continues, none is lost and none begun twice', async () => {
  await begin(6)
  const ids = await bury(150)
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', resolve('lib/console/testing/console-killed-at.ts')],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  )
  await console.close()
  await program.ask('work', { concurrency: 5 })
  const which = { by: 'ids', server: 'main', queue: `${prefix}:mail`, ids }
  child.stdin.end(
    JSON.stringify({ step: 'never', settings, request: request({ which, rate: 40, canary: 3, patch: MEND }) }),
  )
  const died = new Promise(done => child.once('exit', (_code, signal) => done(signal)))
  await vi.waitFor(async () => expect(await length('failed')).toBeLessThan(120), { timeout: 30_000, interval: 5 })
  child.kill('SIGKILL')
  expect(await died).toBe('SIGKILL')
  expect(await length('failed')).toBeGreaterThan(0)

  const run = await takeOver()
  expect(run).toMatchObject({ status: 'succeeded', summary: 'Replayed 150 dead letters: 150 completed.' })
  expect((await program.ask<string[]>('done')).toSorted()).toEqual(ids.toSorted())
  expect(await attempts(ids)).toEqual(ids.map(() => 2))
}, 90_000)
