import { expect, test } from 'vitest'
import { InfrastructureError } from '../../../core/errors.ts'
import { outages } from './outages.ts'
import { part } from './read-part.ts'
import { reasonOf } from './reason.ts'

test('each outage is reported once, with its cause', async () => {
  const heard: string[] = []
  const known = outages(Date.now, (source, error) => heard.push(`${source}: ${(error as Error).message}`))
  for (const why of ['first', 'second']) await part('Redis', known, Promise.reject(new Error(why)))
  await part('Redis', known, Promise.resolve())
  await part('Redis', known, Promise.reject(new Error('third')))
  expect(heard).toEqual(['Redis: first', 'Redis: third'])
})

test('a server’s own words become one sentence that names it', () => {
  const refused = new InfrastructureError('The database cannot be reached', {
    cause: Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' }),
  })
  expect(reasonOf('Postgres', refused)).toBe('Postgres refuses connections')
  for (const [code, message, sentence] of [
    ['57P03', 'the database system is shutting down', 'Postgres is shutting down'],
    ['57P03', 'the database system is starting up', 'Postgres is starting up'],
    ['57P01', 'terminating connection due to administrator command', 'Postgres ended the connection'],
  ] as const) {
    const cause = Object.assign(new Error(message), { name: 'PostgresError', code })
    expect(reasonOf('Postgres', new InfrastructureError('The database cannot be reached', { cause }))).toBe(sentence)
  }
  // A similar word says nothing about the connection.
  expect(reasonOf('Postgres', new Error('the extended query was refused'))).toBe(
    'Postgres failed: the extended query was refused',
  )
})

test('a source that stays silent is down after the deadline, since when it first was, and up again when it answers', async () => {
  let now = 1_000
  const known = outages(() => now)
  const silent = new Promise<never>(() => {})
  expect(await part('Redis', known, silent, 10)).toMatchObject({ status: 'down', since: 1_000 })
  now = 2_000
  expect(await part('Redis', known, silent, 10)).toMatchObject({
    status: 'down',
    since: 1_000,
    reason: 'Redis did not answer within 0.01 s',
  })
  expect(await part('Redis', known, Promise.resolve(7), 10)).toMatchObject({ status: 'up', data: 7 })
  now = 3_000
  expect(await part('Redis', known, silent, 10)).toMatchObject({ since: 3_000 })
})
