import { expect, test, vi } from 'vitest'
import {
  act,
  begin,
  bury,
  console,
  environment,
  jobs,
  look,
  operator,
  prefix,
  program,
  redis,
  refusalOf,
  where,
} from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { overviewView } from '../../overview/views/overview.ts'
import { Queues } from '../resource.ts'
import { jobView } from '../views/job.ts'
import { queueView } from '../views/queue.ts'
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

test('no secret reaches a viewer, by whichever name or in whichever text it is', async () => {
  await begin(6)
  const [id = ''] = await bury(1, 'card 5555 5555 5555 4444 was declined')
  const canaries = [
    'canary-a',
    'canary-b',
    '4111111111111111',
    '5555 5555 5555 4444',
    'DE89370400440532013000',
    '378282246310005',
  ]
  await redis.hset(`${prefix}:mail:${id}`, {
    data: JSON.stringify({
      card_number: 'canary-a',
      payer: { cvc: 'canary-b', cards: [4111111111111111] },
      note: 'from DE89370400440532013000',
    }),
    returnvalue: JSON.stringify({ paidWith: '378282246310005' }),
    progress: JSON.stringify({ paidWith: '378282246310005' }),
  })
  await redis.rpush(`${prefix}:mail:${id}:logs`, 'tried 378282246310005')
  const viewer = actorOf('viewer')
  const seen = async (who: typeof viewer) => {
    const [one, list] = await Promise.all([
      console.view(jobView, environment(), who, { ...where(), id }),
      console.view(queueView, environment(), who, { ...where(), state: 'failed' }),
    ])
    expect(JSON.stringify(list.data)).toContain(id)
    return JSON.stringify([one.data, list.data])
  }
  const shown = await seen(operator)
  for (const canary of canaries) expect(shown).toContain(canary)
  const hidden = await seen(viewer)
  for (const canary of canaries) expect(hidden).not.toContain(canary)
})

test('jobs of a killed worker do not look like work: they lead the overview, and are released from there', async () => {
  await begin(6)
  const [id = ''] = await program.ask<string[]>('add', { jobs: jobs(1, {}, { hold: 600_000 }) })
  await program.ask('work', { options: { lockDuration: 400, lockRenewTime: 100 } })
  await vi.waitFor(async () => expect((await look('active')).row?.state).toBe('working'), 10_000)
  expect(await refusalOf(act('queue.release', { which: { by: 'all' } }))).toMatchObject({ code: 'conflict' })
  await program.kill()
  await vi.waitFor(async () => expect((await look('active')).row?.troubles).toContain('orphaned'), 10_000)
  const { row, jobs: page } = await look('active')
  expect(row?.state).not.toBe('working')
  expect(page.jobs).toMatchObject([{ id, orphaned: true }])
  await vi.waitFor(async () => {
    const { data } = await console.view(overviewView, environment(), operator, {})
    expect(data.attention.map(item => item.text)).toContain('has 1 active job that lost its worker')
  }, 10_000)
  await vi.waitFor(async () => expect((await look('active')).row?.workers).toEqual({ known: true, value: 0 }), 10_000)
  const run = await act('queue.release', { which: { by: 'all' } })
  expect(run).toMatchObject({ status: 'succeeded', summary: `Released 1 job of ${prefix}:mail.` })
  expect(await redis.lrange(`${prefix}:mail:wait`, 0, -1)).toEqual([id])
  expect((await look('active')).row?.troubles).not.toContain('orphaned')
})
