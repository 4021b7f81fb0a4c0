import { expect, test } from 'vitest'
import {
  begin,
  bury,
  console,
  environment,
  operator,
  prefix,
  program,
  redis,
  refusalOf,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { Queues } from '../resource.ts'
import { askedSearch } from './asked-search.ts'
import type { SearchEvent } from './events.ts'

const opened = () => {
  const found = console.environment(environment())
  if (!found) throw new Error('no environment')
  return found
}
const ask = (query: string, actor = operator) => askedSearch(opened(), console.access, actor, query)

/** The queues of the server, as the search needs them: found. */
async function begun(major: 4 | 5 | 6 = 6) {
  await begin(major)
  const server = opened().of(Queues).server('main')
  await program.ask('add', { jobs: [{ name: 'first', data: {}, opts: {} }] })
  await server?.find(`${prefix}:mail`)
}

async function eventsOf(stream: ReadableStream<Uint8Array>): Promise<SearchEvent[]> {
  const text = await new Response(stream).text()
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as SearchEvent)
}

async function search(query: string, actor = operator) {
  const events = await eventsOf(ask(query, actor))
  const jobs = events.flatMap(event => (event.kind === 'found' ? event.jobs : []))
  const end = events.find(event => event.kind === 'end')
  return { jobs, end, unsearched: events.flatMap(event => (event.kind === 'unsearched' ? [event.server] : [])) }
}

test.each([4, 5, 6] as const)(
  'jobs of BullMQ %i are found across states, by payload, error, state and queue',
  async major => {
    await begun(major)
    const dead = await bury(40, 'mailbox 17 is full')
    const [waiting = ''] = await program.ask<string[]>('add', { jobs: [{ name: 'late', data: { at: 7 }, opts: {} }] })
    const byPayload = await search(`data.at = 7 queue = ${prefix}:mail`)
    expect(byPayload.jobs.map(({ id, state, queue }) => [id, state, queue])).toEqual([
      [dead[7], 'failed', `${prefix}:mail`],
      [waiting, 'waiting', `${prefix}:mail`],
    ])
    expect(byPayload.end).toMatchObject({ because: 'all', tooLarge: 0 })
    expect((await search('data.at = 7 state = waiting')).jobs.map(({ id }) => id)).toEqual([waiting])
    expect((await search('"mailbox 17" data.at < 3')).jobs.map(({ id }) => id).toSorted()).toEqual(
      dead.slice(0, 3).toSorted(),
    )
    expect((await search('data.at = 7 queue = elsewhere')).end).toMatchObject({ examined: 0, total: 0 })
  },
  60_000,
)

test('a viewer finds nothing by what is hidden from them, and sees the rest hidden', async () => {
  await begun()
  const data = { password: 'hunter2', mail: 'ada@example.com' }
  const [id = ''] = await program.ask<string[]>('add', { jobs: [{ name: 'secret', data, opts: {} }] })
  const viewer = actorOf('viewer')
  for (const query of ['data.password = hunter2', 'data.password ~ hunter', 'hunter2']) {
    expect((await search(query)).jobs.map(job => job.id)).toEqual([id])
    expect((await search(query, viewer)).jobs).toEqual([])
  }
  const [found] = (await search('data.mail = ada@example.com', viewer)).jobs
  expect(found?.id).toBe(id)
  expect(JSON.stringify(found)).not.toContain('hunter2')
})

test('it ends at five hundred, and says so', async () => {
  await begun()
  await program.ask('add', { jobs: Array.from({ length: 700 }, (_, at) => ({ name: 'many', data: { at }, opts: {} })) })
  const { jobs, end } = await search('name = many')
  expect(new Set(jobs.map(({ id }) => id)).size).toBe(500)
  expect(end).toMatchObject({ because: 'enough' })
})

test('ending the answer ends the search, and makes room for another', async () => {
  await begun()
  const stopped = [ask('a'), ask('b'), ask('c')]
  expect(await refusalOf(Promise.resolve().then(() => ask('d')))).toMatchObject({ code: 'unavailable' })
  await Promise.all(stopped.map(stream => stream.cancel()))
  await expect.poll(() => ask('name = first').locked).toBe(false)
})

test('a query that is not valid is refused with the position of the problem', async () => {
  await begun()
  expect(await refusalOf(Promise.resolve().then(() => ask('data.x = 1 colour = red')))).toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('at character 12: There is no field “colour”'),
  })
})

test('a server that does not answer is named, and the others are searched', async () => {
  await begun()
  const server = opened().of(Queues).server('main')
  await redis.acl('SETUSER', 'default', '-evalsha', '-eval')
  try {
    await server?.read({ maxAge: 0 })
    const { unsearched, end } = await search('name = first')
    expect(unsearched).toContain('main')
    expect(end).toBeDefined()
  } finally {
    await redis.acl('SETUSER', 'default', '+evalsha', '+eval')
  }
})
