import { expect, test } from 'vitest'
import type { JobDetail } from '../../../infrastructure/queue/index.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import { deliveriesOf, type Replay } from './deliveries.ts'

const EVENT = { id: '01J00000000000000000000000', type: 'order.paid' }
const subscriptions = [
  {
    ...{ name: 'receipts', to: ['order.*'], partitions: 1, keys: ['bull:events-receipts'] },
    ...{ services: [], processes: [], replays: [] },
  },
]
const replays = (count: number) =>
  Array.from({ length: count }, (_, at): Replay => ({ id: `r${at}`, subscription: 'receipts', at }))

/** The jobs of each server by id; an error is what it answers for that id. */
async function way(servers: Record<string, Error | 'completed'>[], known: readonly Replay[] = []) {
  const watched = servers.map((jobs, at) => ({
    name: `server-${at}`,
    addressOf: (key: string) => key,
    queues: {
      async job(_: unknown, id: string) {
        const found = jobs[id]
        if (found instanceof Error) throw found
        return found && ({ id, state: found, data: {} } as JobDetail)
      },
    },
  }))
  const environment = { of: () => ({ servers: watched }) } as unknown as ConsoleEnvironment
  return deliveriesOf(environment, EVENT, { subscriptions, replays: known, mayRead: true })
}
const replayed = (id: string) => `${EVENT.id}-${id}`

test('of many replays the newest are looked for, and it is said that there are more', async () => {
  const jobs = { [EVENT.id]: 'completed', [replayed('r0')]: 'completed', [replayed('r6')]: 'completed' } as const
  const found = await way([jobs], replays(7))
  expect(found.deliveries.map(({ job }) => job)).toEqual([EVENT.id, replayed('r6')])
  expect(found.cut).toBe(true)
  expect((await way([jobs], replays(5))).cut).toBe(false)
})

test('where a lookup fails, what was found is shown, and that there may be more', async () => {
  const found = await way([{ [EVENT.id]: 'completed', [replayed('r0')]: new Error('away') }], replays(1))
  expect(found.deliveries).toMatchObject([
    { state: 'completed', job: EVENT.id },
    { state: 'unknown', unknownBecause: 'away' },
  ])
})

test('a server that fails does not matter once another has the job', async () => {
  const found = await way([{ [EVENT.id]: new Error('away') }, { [EVENT.id]: 'completed' }])
  expect(found.deliveries).toMatchObject([{ state: 'completed', server: 'server-1' }])
})
