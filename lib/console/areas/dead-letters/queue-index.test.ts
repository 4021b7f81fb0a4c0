import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newQueue, testQueueServer } from '../../../infrastructure/testing/queue-server.ts'
import { type DeadLetterReads, queueIndex } from './queue-index.ts'

const { redis, server } = testQueueServer()
const { signal } = new AbortController()

async function write(base: string, jobs: readonly { id: string; at: number; error: string }[]) {
  const pipeline = redis.pipeline()
  for (const { id, at, error } of jobs)
    pipeline
      .hset(base + id, { name: 'send', failedReason: error, opts: '{}', data: '{}' })
      .zadd(`${base}failed`, at, id)
  await pipeline.exec()
}
const setOf = async (queue: Parameters<typeof server.deadLetterSets>[0][number]) =>
  (await server.deadLetterSets([queue]))[0] ?? { total: 0 }
const ERRORS = ['mailbox full', 'smtp refused', 'timed out']

test('after any additions and removals it counts what is there, as if read for the first time', async () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), at: fc.integer({ min: 1, max: 50 }), error: fc.nat(2) }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat(), error: fc.constant(0) }),
    fc.record({ kind: fc.constant('pass' as const), at: fc.constant(0), error: fc.constant(0) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 40 }), async changes => {
      const { queue, base } = newQueue()
      const index = queueIndex(server, 'mail', queue)
      const there = new Map<string, string>()
      let next = 0
      for (const { kind, at, error } of changes) {
        if (kind === 'pass') await index.refresh(await setOf(queue), 1_000, signal)
        else if (kind === 'add') {
          const id = String(next++)
          there.set(id, ERRORS[error] ?? '')
          await write(base, [{ id, at, error: ERRORS[error] ?? '' }])
        } else if (there.size > 0) {
          const id = [...there.keys()][at % there.size] ?? ''
          there.delete(id)
          await redis
            .multi()
            .zrem(`${base}failed`, id)
            .del(base + id)
            .exec()
        }
      }
      await index.refresh(await setOf(queue), 1_000, signal, { whole: true })
      const counts = Object.fromEntries(index.failures(60).kinds.map(({ failure, count }) => [failure.pattern, count]))
      const expected = Map.groupBy(there.values(), error => error)
      expect(counts).toEqual(Object.fromEntries([...expected].map(([error, list]) => [error, list.length])))
      await redis.del(`${base}failed`, ...[...there.keys()].map(id => base + id))
    }),
    { numRuns: 30 },
  )
}, 60_000)

test('while clocks agree, a pass that reads only what is new counts the same as one that reads all', async () => {
  const change = fc.oneof(fc.constant('add' as const), fc.nat(), fc.constant('pass' as const))
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 40 }), async changes => {
      const { queue, base } = newQueue()
      const index = queueIndex(server, 'mail', queue)
      const there: string[] = []
      let next = 0
      const add = async () => {
        const id = String(next++)
        there.push(id)
        await write(base, [{ id, at: next, error: 'timed out' }])
      }
      for (const each of changes) {
        if (each === 'pass') await index.refresh(await setOf(queue), 1_000, signal)
        else if (each === 'add') await add()
        else for (const id of there.splice(each % (there.length + 1), 1)) await redis.zrem(`${base}failed`, id)
      }
      await add()
      await index.refresh(await setOf(queue), 1_000, signal)
      expect(index.failures(60).kinds.map(({ count }) => count)).toEqual([there.length])
      await redis.del(`${base}failed`, ...Array.from({ length: next }, (_, at) => base + at))
    }),
    { numRuns: 30 },
  )
}, 60_000)

test('of a large set a sample is examined, once; what comes later is read on its own, and the counts say that they are estimates', async () => {
  const { queue, base } = newQueue()
  const many = Array.from({ length: 5_000 }, (_, at) => ({ id: String(at), at: at + 1, error: ERRORS[at % 2] ?? '' }))
  await write(base, many)
  let read = 0
  const counting: DeadLetterReads = {
    ...server,
    async deadLettersOf(of, ids) {
      read += ids.length
      return server.deadLettersOf(of, ids)
    },
    async deadLettersAfter(of, options) {
      const page = await server.deadLettersAfter(of, options)
      read += page.records.length
      return page
    },
  }
  const index = queueIndex(counting, 'mail', queue)
  await index.refresh(await setOf(queue), 1_000, signal)
  expect(read).toBe(1_000)
  const { total, examined, kinds } = index.failures(10_000)
  expect({ total, examined }).toEqual({ total: 5_000, examined: 1_000 })
  for (const { count, exact } of kinds) {
    expect(exact).toBe(false)
    expect(count).toBe(2_500)
  }
  expect(Math.min(...kinds.map(({ first }) => first))).toBe(1)
  expect(Math.max(...kinds.map(({ last }) => last))).toBe(5_000)

  await write(base, [{ id: 'late', at: 6_000, error: 'timed out' }])
  await index.refresh(await setOf(queue), 1_000, signal)
  expect(read).toBe(1_001)
  expect(index.failures(10_000).kinds.find(({ failure }) => failure.pattern === 'timed out')?.count).toBe(1)
  expect(await index.refresh(await setOf(queue), 1_000, signal)).toBe(false)
  expect(read).toBe(1_001)
  await redis.del(`${base}failed`, ...many.map(({ id }) => base + id), `${base}late`)
}, 60_000)

test('where every error is of another kind, memory stays bounded and the others are one group', async () => {
  const { queue, base } = newQueue()
  const word = (at: number) => at.toString(26).replace(/[0-9]/g, digit => 'qrstuvwxyz'[Number(digit)] ?? '')
  const many = Array.from({ length: 1_200 }, (_, at) => ({ id: `j${at}`, at: at + 1, error: `failed as ${word(at)}` }))
  await write(base, many)
  const index = queueIndex(server, 'mail', queue)
  await index.refresh(await setOf(queue), 5_000, signal)
  const { kinds } = index.failures(10_000)
  expect(kinds.length).toBeLessThanOrEqual(1_001)
  expect(kinds.reduce((sum, { count }) => sum + count, 0)).toBe(1_200)
  await redis.del(`${base}failed`, ...many.map(({ id }) => base + id))
}, 60_000)
