import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import { type DeadLetterPlace, failureOf, type QueueAddress, type QueueMajor } from './index.ts'

const { redis, server } = testQueueServer()
let queue: QueueAddress
let base: string
beforeEach(() => {
  ;({ queue, base } = newQueue())
})

/** Everything that Redis has of these jobs, byte for byte. */
async function stored(ids: readonly string[]) {
  const all = ids.map(async id => {
    const keys = (await redis.keys(`${base}${id}*`)).filter(key => key === base + id || key.startsWith(`${base}${id}:`))
    const dumps = await Promise.all(
      keys.toSorted().map(async key => [key, await redis.pttl(key), await contentOf(key)]),
    )
    return { id, failed: await redis.zscore(`${base}failed`, id), dumps }
  })
  return Promise.all(all)
}
const contentOf = async (key: string) =>
  (await redis.type(key)) === 'hash' ? await redis.hgetall(key) : ((await redis.dump(key)) as unknown as string)

describe.each<QueueMajor>([4, 5, 6])('dead letters of BullMQ %i', major => {
  let program: QueueProgram
  afterEach(() => program.close())

  async function bury(count: number, opts: object = {}) {
    program = await startQueueProgram(major, { url: redisUrl(), prefix: queue.prefix, name: queue.name })
    const jobs = Array.from({ length: count }, (_, at) => ({ name: 'send', data: { at, fail: `refused ${at}` }, opts }))
    const ids = await program.ask<string[]>('add', { jobs })
    await program.ask('work', { concurrency: 10 })
    await vi.waitFor(async () => expect(await redis.zcard(`${base}failed`)).toBe(count), { timeout: 20_000 })
    await program.ask('rest')
    return ids
  }

  test('are read with error and stack, and of one kind have one fingerprint', async () => {
    const ids = await bury(3, { attempts: 2 })
    const { records, finished } = await server.deadLettersAfter(queue, { limit: 50 })
    expect(records.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    expect(finished).toBe(true)
    expect(records[0]).toMatchObject({ name: 'send', attemptsMade: 2, error: expect.stringMatching(/^refused \d$/) })
    expect(new Set(records.map(record => failureOf(record).fingerprint)).size).toBe(1)
    expect(records[0]?.stack).toMatch(/^Error: refused \d\n {4}at /)
  })

  test('that a run replayed and no worker has begun are put back exactly; one that a worker took stays', async () => {
    const ids = await bury(6, { attempts: 2, priority: major === 4 ? 3 : 0 })
    const before = await stored(ids)
    await server.replayKeeping(queue, 'run-a', ids)
    expect(await redis.zcard(`${base}failed`)).toBe(0)
    expect((await server.movedBy(queue, 'run-a', 0, 100)).toSorted()).toEqual(ids.toSorted())
    expect((await server.outcomesOf(queue, 'run-a', ids)).map(({ state }) => state)).toEqual(ids.map(() => 'waiting'))
    const step = await server.returnWaiting(queue, 'run-a', ids)
    expect(step).toMatchObject({ moved: 6, refused: [] })
    expect(await stored(ids)).toEqual(before)

    const [first = '', ...rest] = ids
    await redis.hset(base + first, 'data', '{"mended":true}')
    await server.replayKeeping(queue, 'run-b', [first])
    await program.ask('work', { concurrency: 1 })
    await vi.waitFor(async () =>
      expect(await server.outcomesOf(queue, 'run-b', [first])).toEqual([{ id: first, state: 'completed' }]),
    )
    const late = await server.returnWaiting(queue, 'run-b', [first])
    expect(late).toMatchObject({ moved: 0, refused: [{ id: first, reason: 'a worker had begun it' }] })
    const [second = ''] = rest
    await server.replayKeeping(queue, 'run-b', [second])
    await vi.waitFor(async () =>
      expect(await server.outcomesOf(queue, 'run-b', [second])).toEqual([
        { id: second, state: 'failed', error: expect.stringMatching(/^refused \d$/) },
      ]),
    )
    // Once in a run, however often it is asked for and whatever became of it.
    expect(await server.replayKeeping(queue, 'run-b', [first, second])).toMatchObject({ moved: 0 })
  })

  test('are replayed with edited data only if it has not changed, and come back with what they had', async () => {
    const ids = await bury(2)
    const [one = '', other = ''] = ids
    const before = await stored(ids)
    const data = await server.dataOf(queue, ids, 1_000)
    const edits = ids.map(id => ({ id, from: data.get(id) ?? '', to: '{"fixed":true}' }))
    await redis.hset(base + other, 'data', '{"someone":"else"}')
    expect(await server.replayKeeping(queue, 'run-a', ids, edits)).toMatchObject({
      moved: 1,
      refused: [{ id: other, reason: 'its data has changed since it was read' }],
    })
    expect(await redis.hget(base + one, 'data')).toBe('{"fixed":true}')
    await server.returnWaiting(queue, 'run-a', [one])
    expect(await stored([one])).toEqual(before.slice(0, 1))
  })

  test('are discarded with all that belongs to them and restored exactly, each once in a run', async () => {
    const ids = await bury(4)
    const before = await stored(ids)
    expect(await server.discard(queue, 'run-a', ids, 60_000)).toMatchObject({ done: 4, refused: [] })
    expect(await server.discard(queue, 'run-a', ids, 60_000)).toMatchObject({ done: 4, refused: [] })
    expect(await redis.zcard(`${base}failed`)).toBe(0)
    expect(await program.ask('stateOf', { id: ids[0] })).toBe('none')
    const aside = await redis.keys(`${base}substation:run-a:kept:*`)
    expect(aside.length).toBeGreaterThanOrEqual(4)
    for (const key of aside) expect(await redis.pttl(key)).toBeGreaterThan(0)
    const [replaced = '', ...rest] = ids
    await redis.hset(base + replaced, 'name', 'a new one')
    expect(await server.restoreDiscarded(queue, 'run-a', ids)).toMatchObject({
      moved: 3,
      refused: [{ id: replaced, reason: 'another job with its id was added since' }],
    })
    expect(await stored(rest)).toEqual(before.slice(1))
    expect(await server.restoreDiscarded(queue, 'run-a', rest)).toMatchObject({ moved: 0, refused: [] })
  })

  test('are written into a file and imported elsewhere, where BullMQ itself retries them', async () => {
    const ids = await bury(3)
    const kept = await server.keptDeadLetters(queue, ids, 100_000)
    const before = await stored(ids)
    await redis.del(...ids.map(id => base + id), `${base}failed`)
    expect(await server.importDeadLetters(queue, 'run-a', kept)).toMatchObject({ moved: 3, refused: [] })
    expect(await server.importDeadLetters(queue, 'run-a', kept)).toMatchObject({ moved: 0, refused: [] })
    expect((await server.importDeadLetters(queue, 'run-b', kept)).refused).toHaveLength(3)
    for (const id of ids) await redis.hdel(base + id, 'substation:imported')
    // Of the logs of the jobs nothing is in the file.
    const hashes = (all: typeof before) =>
      all.map(({ failed, dumps, id }) => ({ id, failed, hash: dumps.find(([key]) => key === base + id) }))
    expect(hashes(await stored(ids))).toEqual(hashes(before))
    await program.ask('retry', { id: ids[0] })
    expect(await program.ask('stateOf', { id: ids[0] })).toBe('waiting')
  })
})

test('a walk through dead letters meets each once, whatever is removed on the way and however many share a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z0-9]{1,4}$/), fc.nat(3)), {
        selector: ([id]) => id,
        minLength: 1,
        maxLength: 25,
      }),
      fc.integer({ min: 1, max: 7 }),
      fc.infiniteStream(fc.boolean()),
      async (members, limit, removes) => {
        ;({ queue, base } = newQueue())
        await redis.zadd(`${base}failed`, ...members.flatMap(([id, at]) => [at + 1, id]))
        const met: string[] = []
        let after: DeadLetterPlace | undefined
        for (;;) {
          const { records, finished } = await server.deadLettersAfter(queue, { after, until: 3, limit })
          met.push(...records.map(({ id }) => id))
          after = records.at(-1) ?? after
          for (const { id } of records) if (removes.next().value) await redis.zrem(`${base}failed`, id)
          if (finished) break
        }
        const expected = members.filter(([, at]) => at + 1 <= 3).map(([id]) => id)
        expect(met.toSorted()).toEqual(expected.toSorted())
        await redis.del(`${base}failed`)
      },
    ),
    { numRuns: 40 },
  )
})
