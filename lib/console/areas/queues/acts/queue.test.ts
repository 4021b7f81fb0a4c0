import { expect, test, vi } from 'vitest'
import { actorOf } from '../../../testing/open-test-console.ts'
import {
  begin,
  console,
  environment,
  jobs,
  operator,
  prefix,
  station,
  where,
} from '../../../testing/somebodys-queue.ts'
import { Queues } from '../resource.ts'
import { jobView } from '../views/job.ts'
import { queuesView } from '../views/queues.ts'

test('the search finds the queue, the list shows it with its rate, and a viewer does not see what sounds secret', async () => {
  await begin(6)
  const [id = ''] = await station.ask<string[]>('add', {
    jobs: [{ name: 'login', data: { user: 'ada', password: 'hunter2' }, opts: { delay: 600_000 } }],
  })
  const list = async () => (await console.view(queuesView, environment(), operator, {})).data
  await vi.waitFor(async () => expect((await list()).queues.map(row => row.key)).toEqual([`${prefix}:mail`]), 10_000)
  const { samples } = console.environment(environment())?.of(Queues) ?? {}
  await samples?.sample(AbortSignal.timeout(5_000))
  await station.ask('work')
  await vi.waitFor(async () => expect((await list()).queues[0]?.workers).toEqual({ known: true, value: 1 }), 8_000)
  // The console samples by itself too: what it has counted is not counted again, so there is work until a sample of ours meets some.
  let worked = 0
  await vi.waitFor(
    async () => {
      worked += 20
      await station.ask('add', { jobs: jobs(20) })
      await vi.waitFor(async () => expect(await station.ask('done')).toHaveLength(worked), 5_000)
      expect(await samples?.sample(AbortSignal.timeout(5_000))).toEqual(
        expect.arrayContaining([
          { service: 'redis:main', series: `queue_waiting{queue="${prefix}:mail"}`, value: 0 },
          { service: 'redis:main', series: `queue_completed{queue="${prefix}:mail"}`, value: expect.any(Number) },
        ]),
      )
      const [row] = (await list()).queues
      expect(row?.rate.known && row.rate.value.completed).toBeGreaterThan(0)
    },
    { timeout: 15_000, interval: 500 },
  )
  const seen = async (role: 'viewer' | 'operator') =>
    JSON.stringify((await console.view(jobView, environment(), actorOf(role), { ...where(), id })).data)
  expect(await seen('operator')).toContain('hunter2')
  expect(await seen('viewer')).not.toContain('hunter2')
  expect(await seen('viewer')).toContain('ada')
})
