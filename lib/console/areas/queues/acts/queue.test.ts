import { expect, test, vi } from 'vitest'
import { begin, console, environment, jobs, operator, prefix, program, where } from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { Queues } from '../resource.ts'
import { jobView } from '../views/job.ts'
import { queuesView } from '../views/queues.ts'

test('the search finds the queue, the list shows it with its rate, and a viewer does not see what looks secret', async () => {
  await begin(6)
  const [id = ''] = await program.ask<string[]>('add', {
    jobs: [{ name: 'login', data: { user: 'ada', password: 'hunter2' }, opts: { delay: 600_000 } }],
  })
  const list = async () => (await console.view(queuesView, environment(), operator, {})).data
  await vi.waitFor(async () => expect((await list()).queues.map(row => row.key)).toEqual([`${prefix}:mail`]), 10_000)
  const { samples } = console.environment(environment())?.of(Queues) ?? {}
  await samples?.sample(AbortSignal.timeout(5_000))
  await program.ask('work')
  await vi.waitFor(async () => expect((await list()).queues[0]?.workers).toEqual({ known: true, value: 1 }), 8_000)
  // The console samples on its own too, and does not count anything twice, so there is work until one of our samples catches some.
  let worked = 0
  await vi.waitFor(
    async () => {
      worked += 20
      await program.ask('add', { jobs: jobs(20) })
      await vi.waitFor(async () => expect(await program.ask('done')).toHaveLength(worked), 5_000)
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
