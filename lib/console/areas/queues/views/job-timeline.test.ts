import { expect, test } from 'vitest'
import { begin, console, environment, operator, prefix, program, redis, where } from '../../../testing/foreign-queue.ts'
import { actorOf } from '../../../testing/open-test-console.ts'
import { jobTimelineView } from './job-timeline.ts'

const timeline = async (id: string, actor = operator) => {
  const { data } = await console.view(jobTimelineView, environment(), actor, { ...where(), id })
  if (data.timeline.status !== 'up') throw new Error('the timeline could not be read')
  return data.timeline.data
}

test.each([4, 5, 6] as const)('BullMQ %i: three attempts with their errors, waits and backoffs', async major => {
  await begin(major)
  const [id = ''] = await program.ask<string[]>('add', {
    jobs: [{ name: 'work', data: { fail: 'token=s3cret refused' }, opts: { attempts: 3, backoff: 20 } }],
  })
  await program.ask('work')
  await expect.poll(() => redis.zcard(`${prefix}:mail:failed`), { timeout: 10_000 }).toBe(1)
  const found = await timeline(id)
  const attempts = found?.steps.filter(({ what }) => what === 'attempt')
  expect(attempts?.map(({ attempt, outcome, error }) => [attempt, outcome, error])).toEqual(
    [1, 2, 3].map(attempt => [attempt, 'failed', 'token=s3cret refused']),
  )
  expect(found?.steps.map(({ what }) => what)).toEqual([
    'added',
    'waiting',
    'attempt',
    ...[1, 2].flatMap(() => ['backoff', 'waiting', 'attempt']),
  ])
  for (const { what, at, until } of found?.steps ?? []) expect([what, (until ?? 0) >= (at ?? 1)]).toEqual([what, true])
  expect(found?.unseen).toBe(0)
  expect(JSON.stringify(await timeline(id, actorOf('viewer')))).not.toContain('s3cret')

  // Once its events are trimmed, the job itself tells what is left.
  await redis.xtrim(`${prefix}:mail:events`, 'MAXLEN', 0)
  const kept = await timeline('no such job').then(() => timeline(id, actorOf('admin')))
  expect(kept?.steps.filter(({ what, at }) => what === 'attempt' && at !== undefined)).toMatchObject([{ attempt: 3 }])
  expect(kept?.steps.filter(({ outcome }) => outcome === 'failed')).toHaveLength(3)
})
