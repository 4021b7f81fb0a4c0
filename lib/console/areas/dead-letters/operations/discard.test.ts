import { expect, test, vi } from 'vitest'
import { begin, bury, console, environment, finished, length, prefix, redis } from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { DeadLetters } from '../resource.ts'

test('dead letters of one kind are discarded, the others stay, and undo restores them exactly', async () => {
  await begin(5)
  const ids = await bury(60, 'mailbox full')
  await bury(2, 'smtp refused')
  const index = console.environment(environment())?.of(DeadLetters).server('main')
  const kinds = await vi.waitFor(async () => {
    await index?.refresh()
    const part = index?.peek()
    const found = part?.status === 'up' ? part.data.queues.flatMap(queue => queue.kinds) : []
    expect(found.length).toBe(4)
    return found
  }, 10_000)
  const fingerprints = kinds.flatMap(({ failure }) => (failure.pattern === 'mailbox full' ? [failure.fingerprint] : []))
  const before = await Promise.all(ids.map(id => redis.hgetall(`${prefix}:mail:${id}`)))
  const admin = actorOf('admin')
  const request = {
    environment: environment(),
    operation: 'dead-letters.discard',
    input: { which: { by: 'kinds', fingerprints }, reason: 'sent by hand' },
  }
  const { token, action, confirmation, target } = await console.runner.preview(admin, request)
  expect(action).toBe('Discard 60 dead letters')
  const typed = confirmation === 'typed' ? { typedName: target.name } : {}
  const run = await finished(await console.runner.run(admin, { ...request, token, ...typed }))
  expect(run).toMatchObject({ status: 'succeeded', summary: 'Discarded 60 dead letters.' })
  expect(await length('failed')).toBe(2)
  expect(await redis.exists(`${prefix}:mail:${ids[0]}`)).toBe(0)
  const undone = await finished(await console.runner.undo(admin, environment(), run.id))
  expect(undone).toMatchObject({ status: 'succeeded', summary: '60 jobs restored.' })
  expect(await length('failed')).toBe(62)
  expect(await Promise.all(ids.map(id => redis.hgetall(`${prefix}:mail:${id}`)))).toEqual(before)
}, 60_000)
