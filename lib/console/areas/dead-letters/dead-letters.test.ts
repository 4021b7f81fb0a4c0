import { beforeEach, expect, test, vi } from 'vitest'
import { begin, bury, console, environment, operator, prefix, program, redis } from '../../testing/foreign-queue.ts'
import { actorOf } from '../../testing/open-test-console.ts'
import { DeadLetters } from './resource.ts'
import { deadLetterGroupView } from './views/dead-letter-group.ts'
import { deadLettersView } from './views/dead-letters.ts'

const read = async (filters: Record<string, string> = {}, actor = operator) => {
  for (const index of console.environment(environment())?.of(DeadLetters).servers ?? []) await index.refresh()
  return (await console.view(deadLettersView, environment(), actor, { server: 'main', nonce: '', ...filters })).data
}
/** A view is cached for a second, so each question is asked differently. */
let asked = 0
beforeEach(() => {
  asked = 0
})
const groups = async (filters: Record<string, string> = {}) =>
  (await read({ q: filters.q ?? '', ...filters, sort: ['last', 'first', 'count', 'name'][asked++ % 4] ?? 'last' }))
    .groups

test('dead letters are grouped by what they failed of, over queues, and leave when they are replayed or removed', async () => {
  await begin(6)
  await vi.waitFor(async () => expect((await read()).servers[0]?.status).toBe('up'), 10_000)
  const ids = await bury(6, 'mailbox 17 of ada@example.org is full')
  await bury(2, 'smtp refused')
  // The jobs have two names in turn, and each name is a kind of its own.
  const full = { pattern: 'mailbox <n> of <email> is full', exact: true, class: 'Error' }
  const refused = { pattern: 'smtp refused', count: 1, exact: true }
  await vi.waitFor(async () => {
    const found = (await groups()).toSorted((a, b) => b.count - a.count || a.job.localeCompare(b.job))
    expect(found).toMatchObject([
      { ...full, count: 3, job: 'job-0', isNew: true, places: [{ server: 'main', queue: `${prefix}:mail`, count: 3 }] },
      { ...full, count: 3, job: 'job-1' },
      { ...refused, job: 'job-0' },
      { ...refused, job: 'job-1' },
    ])
  }, 10_000)
  await redis.zrem(`${prefix}:mail:failed`, ids[0] ?? '')
  await vi.waitFor(async () => expect((await groups()).map(({ count }) => count)).toContain(2), 10_000)
  await program.ask('obliterate')
  await vi.waitFor(async () => expect(await groups()).toEqual([]), 10_000)
}, 60_000)

test('a reader without the permission for job data sees no secret, neither in the list nor in the sample, and cannot search for it', async () => {
  await begin(6)
  const secret = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
  await bury(2, `key ${secret} was refused`)
  const viewer = actorOf('viewer')
  await vi.waitFor(async () => expect((await read({}, viewer)).groups.length).toBeGreaterThan(0), 10_000)
  const seen = await read({ sort: 'name' }, viewer)
  expect(JSON.stringify(seen)).not.toContain(secret)
  expect((await read({ q: secret }, viewer)).groups).toEqual([])
  expect((await read({ q: secret })).groups.length).toBeGreaterThan(0)
  const [group] = seen.groups
  const sheet = async (actor: typeof viewer) =>
    (await console.view(deadLetterGroupView, environment(), actor, { fingerprint: group?.fingerprint ?? '' })).data
  expect(JSON.stringify(await sheet(viewer))).not.toContain(secret)
  expect(JSON.stringify(await sheet(operator))).toContain(secret)
  expect(await sheet(viewer)).toMatchObject({
    hidesSecrets: true,
    sample: { status: 'up' },
    jobs: [{ queue: `${prefix}:mail` }],
  })
}, 60_000)
