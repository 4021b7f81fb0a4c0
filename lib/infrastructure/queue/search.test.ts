import { afterEach, describe, expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type QueueProgram, startQueueProgram } from '../testing/bullmq-program.ts'
import { newQueue, testQueueServer } from '../testing/queue-server.ts'
import { redisUrl } from '../testing/servers.ts'
import type { JobCondition, JobState, JobTest, QueueAddress, QueueMajor } from './index.ts'
import type { JobSearch } from './server-port.ts'

const { redis, server } = testQueueServer()
let program: QueueProgram | undefined

afterEach(async () => {
  await program?.close()
  program = undefined
})

async function search(queue: QueueAddress, state: JobState, condition: JobCondition, more: Partial<JobSearch> = {}) {
  const ids: string[] = []
  let examined = 0
  let tooLarge = 0
  let from: string | undefined
  do {
    const step = await server.searchNext(queue, {
      state,
      condition,
      largest: 5_242_880,
      ...more,
      ...(from ? { from } : {}),
    })
    ids.push(...step.jobs.map(({ id }) => id))
    examined += step.examined
    tooLarge += step.tooLarge
    from = step.next
  } while (from)
  return { ids, examined, tooLarge }
}

type JsonTest = Extract<JobTest, { test: 'json' }>
const at = (path: string, is: JsonTest['is'], text: string, quoted = false): JobCondition => ({
  test: 'json',
  field: 'data',
  path: path.split('.'),
  is,
  value: { text, quoted },
})

describe.each<QueueMajor>([4, 5, 6])('jobs of BullMQ %i', major => {
  test('are found in every state by what their payload contains', async () => {
    const queue = { prefix: `t {x}-${newId()}`, name: `Größe %/ 🚚${major === 4 ? ':eu' : ''}` }
    program = await startQueueProgram(major, { url: redisUrl(), ...queue })
    const jobs = (opts: object) =>
      Array.from({ length: 250 }, (_, n) => ({ name: 'order', data: { order: { id: n, tags: ['a', `t${n}`] } }, opts }))
    const waiting = await program.ask<string[]>('add', { jobs: jobs({}) })
    const delayed = await program.ask<string[]>('add', { jobs: jobs({ delay: 600_000 }) })
    const ranked = await program.ask<string[]>('add', { jobs: jobs({ priority: 3 }) })
    const find = (state: JobState) => search(queue, state, at('order.id', '=', '242'))
    expect(await find('waiting')).toMatchObject({ ids: [waiting[242]], tooLarge: 0 })
    expect(await find('delayed')).toEqual({ ids: [delayed[242]], examined: 250, tooLarge: 0 })
    expect(await find('prioritized')).toEqual({ ids: [ranked[242]], examined: 250, tooLarge: 0 })
    expect((await search(queue, 'delayed', at('order.id', '>', '246'))).ids).toEqual(delayed.slice(247))
    expect((await search(queue, 'delayed', at('order.tags', '=', 't7'))).ids).toEqual([delayed[7]])
    await program.ask('pause')
    expect((await find('waiting')).ids).toEqual([waiting[242]])
  })
})

describe('one job', () => {
  const found = async (fields: Record<string, string>, condition: JobCondition, more: Partial<JobSearch> = {}) => {
    const { queue, base } = newQueue()
    await redis.hset(`${base}meta`, 'version', 'bullmq:6.7.0')
    await redis.hset(`${base}7`, { name: 'send', opts: '{}', timestamp: '1000', ...fields })
    await redis.zadd(`${base}failed`, 2_000, '7')
    const { ids, tooLarge } = await search(queue, 'failed', condition, more)
    return tooLarge > 0 ? 'too large' : ids.length === 1
  }
  const text = (contains: string): JobCondition => ({ test: 'text', contains })

  test.each<[string, JobCondition, boolean]>([
    ['{"id":42}', at('id', '=', '42'), true],
    ['{"id":42.0}', at('id', '=', '42'), true],
    ['{"id":4.2e1}', at('id', '=', '42'), true],
    ['{"id":"42"}', at('id', '=', '42'), true],
    ['{"id":"42"}', at('id', '=', '42', true), true],
    ['{"id":42}', at('id', '=', '42', true), false],
    ['{"id":423}', at('id', '=', '42'), false],
    ['{"n":{"\\u0069d":1}}', at('n.id', '=', '1'), true],
    ['{"id":null}', at('id', '=', 'null'), true],
    ['{"id":null}', at('id', 'exists', '*'), true],
    ['{"is":1}', at('id', 'exists', '*'), false],
    ['{"is":1}', at('id', '!=', '2'), false],
    ['{"id":1}', at('id', '!=', '2'), true],
    ['{"id":[1,2]}', at('id', '!=', '2'), false],
    ['{"id":[{"x":1},{"x":2}]}', at('id.x', '=', '2'), true],
    ['{"id":[{"x":1},{"x":2}]}', at('id.0.x', '=', '2'), false],
    ['{"at":"2026-03-01T04:00Z"}', at('at', '>', '2026-02'), true],
    ['{"n":9}', at('n', '>', '10'), false],
    ['{"n":"11"}', at('n', '>', '10'), true],
    ['{"mail":"Ada@Example.com"}', at('mail', '~', 'ada@'), true],
    ['{"mail":"Ada@Example.com"}', at('mail', '!~', 'ada@'), false],
    ['{"x":"M\\u00fcller"}', text('Müller'), true],
    ['{"x":"a \\"b\\""}', text('a "B"'), true],
    ['{"x":{"y":["deep"]}}', at('x', '~', 'DEEP'), true],
    ['not json at all', text('JSON'), true],
    ['not json at all', at('id', '=', '1'), false],
    ['{"meta":{"userId":"u-1"}}', { test: 'carries', what: 'user', value: 'u-1' }, true],
    ['{"user":{"id":7}}', { test: 'carries', what: 'user', value: '7' }, true],
    ['{"buyer":"u-1"}', { test: 'carries', what: 'user', value: 'u-1' }, false],
    ['{"tenant_id":"w-1"}', { test: 'carries', what: 'workspace', value: 'w-1' }, true],
    ['{"id":1}', { not: at('id', '=', '1') }, false],
    ['{"id":1}', { any: [at('id', '=', '2'), { test: 'field', field: 'name', is: '=', value: 'send' }] }, true],
    ['{"id":1}', { all: [] }, true],
  ])('with %s by %j: %s', async (data, condition, expected) => {
    expect(await found({ data }, condition)).toBe(expected)
  })

  test('its trace is found in the options that BullMQ keeps it in', async () => {
    const opts = JSON.stringify({ tm: '{"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}' })
    const trace = (value: string): JobCondition => ({ test: 'carries', what: 'trace', value })
    expect(await found({ opts }, trace('4bf92f3577b34da6a3ce929d0e0e4736'))).toBe(true)
    expect(await found({ opts }, trace('5bf92f3577b34da6a3ce929d0e0e4736'))).toBe(false)
  })

  test('attempts and times are compared as numbers, those of 4 too', async () => {
    const number = (field: 'attempts' | 'added' | 'finished', value: number): JobCondition => ({
      test: 'number',
      field,
      is: '>=',
      value,
    })
    expect(await found({ attemptsMade: '3' }, number('attempts', 3))).toBe(true)
    expect(await found({ atm: '2', attemptsMade: '3' }, number('attempts', 3))).toBe(false)
    expect(await found({}, number('added', 1_001))).toBe(false)
    expect(await found({ finishedOn: 'soon' }, number('finished', 0))).toBe(false)
  })

  test('five megabytes are searched, unless that is too large for the reader, which is said', async () => {
    const data = JSON.stringify({ pad: 'x'.repeat(5_000_000), id: 'needle' })
    expect(await found({ data }, at('id', '=', 'needle'))).toBe(true)
    expect(await found({ data }, text('NEEDLE'))).toBe(true)
    expect(await found({ data }, text('NEEDLE'), { largest: 262_144 })).toBe('too large')
  })

  test('what its reader may not see cannot be found', async () => {
    const data = '{"pin":"1234","id":1}'
    const seen = { text: (one: string) => one.replace('1234', '…'), json: (one: string) => one.replace('1234', '…') }
    const failedReason = 'pin 1234 is wrong'
    for (const condition of [at('pin', '=', '1234'), at('pin', '~', '12'), text('1234')]) {
      expect(await found({ data, failedReason }, condition)).toBe(true)
      expect(await found({ data, failedReason }, condition, { seen })).toBe(false)
    }
    expect(await found({ data }, at('id', '=', '1'), { seen })).toBe(true)
  })
})

test('keys that are no jobs are passed over, and a list of another type is empty', async () => {
  const { queue, base } = newQueue()
  await redis.zadd(`${base}failed`, 1, 'gone', 2, 'other', 3, 'sound')
  await redis.set(`${base}other`, 'needle')
  await redis.hset(`${base}sound`, { name: 'send', data: '{"x":"needle"}' })
  await redis.set(`${base}delayed`, 'needle')
  expect((await search(queue, 'failed', { test: 'text', contains: 'needle' })).ids).toEqual(['sound'])
  expect((await search(queue, 'failed', { test: 'text', contains: 'other' })).ids).toEqual([])
  expect(await search(queue, 'delayed', { test: 'text', contains: 'needle' })).toMatchObject({ ids: [], examined: 0 })
})

test('jobs that are added or taken away during a search make it leave out none that stays', async () => {
  const { queue, base } = newQueue()
  for (let n = 0; n < 350; n++) await redis.hset(`${base}${n}`, { name: 'send', data: `{"n":${n}}` })
  await redis.zadd(`${base}failed`, ...Array.from({ length: 350 }, (_, n) => [1_000, String(n)]).flat())
  await redis.lpush(`${base}wait`, ...Array.from({ length: 350 }, (_, n) => String(n)))
  for (const state of ['failed', 'waiting'] as const) {
    const ids = new Set<string>()
    let from: string | undefined
    let turn = 0
    do {
      const step = await server.searchNext(queue, {
        state,
        condition: at('n', '>=', '0'),
        largest: 1_000,
        ...(from ? { from } : {}),
      })
      for (const { id } of step.jobs) ids.add(id)
      from = step.next
      turn++
      // Workers take from the end of the list; a dead letter that was just examined is replayed.
      if (state === 'waiting') await redis.lpush(`${base}wait`, 'x', 'y', 'z')
      else if (step.jobs.length > 0) await redis.zrem(`${base}failed`, step.jobs.at(-1)?.id ?? '')
    } while (from && turn < 20)
    expect(ids.size).toBe(350)
  }
})
