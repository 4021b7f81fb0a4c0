import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '../../../core/ids.ts'
import { type FleetMember, joinFleet } from '../../../infrastructure/fleet/index.ts'
import { createQueues, type Queues } from '../../../infrastructure/queue/index.ts'
import { createDatabase, redisUrl } from '../../../infrastructure/testing/servers.ts'
import type { Console } from '../../open.ts'
import { actorOf, openTestConsole, TEST_FLEET_KEY, testSettings } from '../../testing/open-test-console.ts'
import { queuesView } from './views/queues.ts'

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
let queues: Queues
const members: FleetMember[] = []
const prefix = `t-${newId()}`
const environment = () => console.settings.environments[0]?.name ?? ''
const read = async (filters: Record<string, string> = {}) =>
  (await console.view(queuesView, environment(), actorOf('viewer'), { q: prefix, ...filters })).data

beforeAll(async () => {
  database = await createDatabase()
  queues = await createQueues({ redisUrl: redisUrl(), prefix })
  for (const name of ['alone', 'letters', 'parcels']) await (await queues.queue(name)).add('one', {})
  await queues.work('letters', () => new Promise(done => setTimeout(done, 60_000)))
  await queues.work('parcels', () => 'done')
  // Its first scan finds them.
  console = await openTestConsole(testSettings({ databaseUrl: database.url, redisUrl: redisUrl() }))
  for (const service of ['mailer', 'post']) {
    const member = joinFleet({
      redisUrl: redisUrl(),
      environment: environment(),
      service,
      instance: `${service}-1`,
      key: TEST_FLEET_KEY,
      workers: service === 'mailer' ? queues : { ...queues, reports: () => queues.reports().slice(0, 1) },
    })
    members.push(member)
    await member.start()
  }
  await vi.waitFor(async () => expect((await read()).queues).toHaveLength(3), { timeout: 20_000 })
}, 60_000)
afterAll(async () => {
  for (const member of members) await member.stop()
  await queues?.close({ timeoutMs: 500 })
  await console?.close()
  await database?.drop()
})

test('by service: a queue under each service whose workers work on it, and those of none last', async () => {
  const names = async () =>
    (await read({ group: 'service', sort: 'name' })).groups?.map(({ service, total, queues }) => [
      service,
      total,
      queues.map(({ name }) => name),
    ])
  await vi.waitFor(
    async () =>
      expect(await names()).toEqual([
        ['mailer', 2, ['letters', 'parcels']],
        ['post', 1, ['letters']],
        [undefined, 1, ['alone']],
      ]),
    { timeout: 15_000 },
  )
  expect((await read({ group: 'service' })).queues).toEqual([])
})

test('favourites come first in any order, and what is none is dropped visibly', async () => {
  const first = JSON.stringify([['fleet', `${prefix}:parcels`]])
  const order = async (filters: Record<string, string>) => (await read(filters)).queues.map(({ name }) => name)
  expect(await order({ sort: 'name', first })).toEqual(['parcels', 'alone', 'letters'])
  expect(await order({ sort: 'name', dir: 'desc', first })).toEqual(['parcels', 'letters', 'alone'])
  // Whoever has favourites is shown the rows that were made for all.
  const [own, others] = await Promise.all([read({ first }), read({ first: '[]' })])
  expect(own.queues).toHaveLength(3)
  expect(new Set([...own.queues, ...others.queues]).size).toBe(3)
  const { dropped } = await console.view(queuesView, environment(), actorOf('viewer'), { first: '[["fleet"]]' })
  expect(dropped).toMatchObject([{ filter: 'first' }])
})
