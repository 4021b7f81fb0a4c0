import { describe, expect, test, vi } from 'vitest'
import type { QueueProgram } from '../testing/bullmq-program.ts'
import { testForeignQueue } from '../testing/queue-server.ts'

const own = testForeignQueue()
const { redis, server } = own
let program: QueueProgram

const add = (deduplication: object, opts: object = {}) =>
  program.ask<string[]>('add', { jobs: [{ name: 'work', data: {}, opts: { ...opts, deduplication } }] })
const all = { budgetMs: 10_000, limit: 200 }
const keysById = async () => new Map((await server.deduplications(own.queue, all)).keys.map(key => [key.id, key]))

describe.each([5, 6] as const)('deduplication keys of BullMQ %i', major => {
  test('are listed with their job, its state, their time, and what they held back', async () => {
    program = await own.start(major)
    const [held] = await add({ id: 'order *1' })
    for (let round = 0; round < 3; round++) expect(await add({ id: 'order *1' })).toEqual([held])
    await add({ id: 'hourly', ttl: 3_600_000, extend: true }, { delay: 60_000 })
    const before = Date.now()
    const keys = await keysById()
    expect([...keys.keys()].sort()).toEqual(['hourly', 'order *1'])
    expect(keys.get('order *1')).toMatchObject({ job: held, exists: true, state: 'waiting', name: 'work' })
    expect(keys.get('order *1')).toMatchObject({ leftOver: false, extended: false, pending: false })
    expect(keys.get('order *1')?.until).toBeUndefined()
    expect(Math.abs((keys.get('order *1')?.since ?? 0) - before)).toBeLessThan(10_000)
    expect(keys.get('hourly')).toMatchObject({ state: 'delayed', extended: true, leftOver: false })
    expect((keys.get('hourly')?.until ?? 0) - before).toBeGreaterThan(3_500_000)
    expect(await server.heldBack(own.queue)).toMatchObject({ byKey: { 'order *1': 3 }, byJob: [] })
  })

  test('whose job is gone or finished is left over; released, its id is added again', async () => {
    program = await own.start(major)
    const [gone = ''] = await add({ id: 'gone' })
    const [kept = ''] = await add({ id: 'kept' })
    await program.ask('work')
    await vi.waitFor(async () => expect(await redis.zcard(`${own.base}completed`)).toBe(2))
    await program.ask('rest')
    // As after an outage: the job finished, the key stayed.
    await redis.mset(`${own.base}de:gone`, gone, `${own.base}de:kept`, kept)
    await redis.del(own.base + gone)
    await redis.zrem(`${own.base}completed`, gone)
    const [waiting = ''] = await add({ id: 'alive' })
    expect((await keysById()).get('gone')).toMatchObject({ leftOver: true, exists: false })
    expect((await keysById()).get('kept')).toMatchObject({ leftOver: true, state: 'completed' })
    expect(await add({ id: 'kept' })).toEqual([kept])

    const asked = [
      { id: 'gone', job: gone },
      { id: 'kept', job: 'another' },
      { id: 'alive', job: waiting },
    ]
    const release = (run: string) => server.releaseDeduplications(own.queue, run, asked)
    const outcome = { released: 2, refused: [{ id: 'kept', reason: 'another job holds it now' }] }
    expect(await release('one')).toEqual(outcome)
    expect([...(await keysById()).keys()]).toEqual(['kept'])
    const [again = ''] = await add({ id: 'alive' })
    expect(again).not.toBe(waiting)
    // Its answer was lost and the step is repeated: what the run released is not gone, and what was added since stays.
    expect(await release('one')).toEqual(outcome)
    expect(await redis.get(`${own.base}de:alive`)).toBe(again)
    expect(await release('two')).toMatchObject({ released: 0, refused: { length: 3 } })

    await redis.set(`${own.base}de:throttle`, gone, 'PX', 600_000)
    const all = (run: string) => server.releaseLeftOver(own.queue, run, { budgetMs: 10_000 })
    expect(await all('three')).toEqual({ released: 1 })
    expect(await all('three')).toEqual({ released: 1 })
    expect([...(await keysById()).keys()].sort()).toEqual(['alive', 'throttle'])
    expect(await add({ id: 'kept' })).not.toEqual([kept])
  })
})

test('an addition that is kept behind an active job is seen, and goes with a key that is left over', async () => {
  program = await own.start(6)
  await program.ask('add', {
    jobs: [{ name: 'work', data: { hold: 60_000 }, opts: { deduplication: { id: 'last', keepLastIfActive: true } } }],
  })
  await program.ask('work')
  await vi.waitFor(async () => expect(await redis.llen(`${own.base}active`)).toBe(1))
  await add({ id: 'last', keepLastIfActive: true })
  const key = (await keysById()).get('last')
  expect(key).toMatchObject({ state: 'active', pending: true, leftOver: false })
  program.kill()
  await redis.del(`${own.base}active`, own.base + key?.job)
  expect(await server.deduplications(own.queue, all)).toMatchObject({ leftOver: { count: 1, pending: 1 } })
  expect(await server.releaseLeftOver(own.queue, 'run', all)).toEqual({ released: 1 })
  expect(await redis.keys(`${own.base}d[en]:*`)).toEqual([])
})

test.each([4, 5, 6] as const)('BullMQ %i: additions under an id that exists are counted by job', async major => {
  program = await own.start(major)
  const same = [1, 2, 3].map(at => ({ name: 'work', data: { at }, opts: { jobId: 'nightly' } }))
  await program.ask('add', { jobs: same })
  expect(await server.heldBack(own.queue)).toMatchObject({
    byKey: {},
    byJob: [{ id: 'nightly', count: 2, exists: true, state: 'waiting' }],
  })
})

test('keys of a queue that is named as if it were below this one, and of other types, are no deduplication keys', async () => {
  await redis.hset(`${own.base}meta`, { version: 'bullmq:6.0.0' })
  await redis.hset(`${own.base}de:list`, { a: 1 })
  await redis.set(`${own.base}de:mine`, '7')
  expect([...(await keysById()).keys()]).toEqual(['mine'])
  await redis.hset(`${own.base}de:meta`, { version: 'bullmq:6.0.0' })
  await redis.set(`${own.base}de:id`, '12')
  expect([...(await keysById()).keys()]).toEqual([])
})

test('a scan that may not take longer says where it goes on; those left over are listed first', async () => {
  const set: Record<string, string> = {}
  for (let at = 0; at < 5_000; at++) set[`${own.base}de:${at}`] = '1'
  await redis.hset(`${own.base}1`, { name: 'work' })
  // Only these two are left over: the job of all others exists.
  await redis.mset({ ...set, [`${own.base}de:17`]: 'gone', [`${own.base}de:4711`]: 'gone' })
  const found = new Set<string>()
  let from: string | undefined
  do {
    const { keys, next, cut } = await server.deduplications(own.queue, {
      budgetMs: 0,
      limit: 10_000,
      ...(from ? { from } : {}),
    })
    expect(cut).toBe(false)
    for (const { id } of keys) found.add(id)
    from = next
  } while (from)
  expect(found.size).toBe(5_000)
  const { keys, ...rest } = await server.deduplications(own.queue, { budgetMs: 10_000, limit: 200 })
  expect(rest).toMatchObject({ cut: true, leftOver: { count: 2, pending: 0 } })
  expect(keys).toHaveLength(200)
  expect(keys.flatMap(({ id, leftOver }, at) => (leftOver && at < 2 ? [id] : [])).sort()).toEqual(['17', '4711'])
})
