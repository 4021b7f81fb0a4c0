import { expect, test } from 'vitest'
import type { JobEvent } from '../../../infrastructure/queue/index.ts'
import { timelineOf } from './job-timeline.ts'

const event = (at: number, name: string, more: Partial<JobEvent> = {}): JobEvent => ({ at, event: name, ...more })
const twice = [
  event(1_000, 'added'),
  event(1_000, 'waiting'),
  event(1_500, 'active', { prev: 'waiting' }),
  event(1_800, 'delayed'),
  event(3_800, 'waiting', { prev: 'delayed' }),
  event(3_900, 'active', { prev: 'waiting' }),
  event(4_000, 'failed', { prev: 'active', error: 'mailbox full' }),
]
const life = { addedAt: 1_000, processedAt: 3_900, finishedAt: 4_000, state: 'failed', begun: 2 }

test('each wait, attempt and backoff with its time, the error of each attempt with it', () => {
  const { steps, unseen } = timelineOf({ ...life, errors: ['no answer', 'mailbox full'] }, twice)
  expect(unseen).toBe(0)
  expect(steps).toEqual([
    { what: 'added', at: 1_000, until: 1_000 },
    { what: 'waiting', at: 1_000, until: 1_500 },
    { what: 'attempt', attempt: 1, at: 1_500, until: 1_800, outcome: 'failed', error: 'no answer' },
    { what: 'backoff', at: 1_800, until: 3_800 },
    { what: 'waiting', at: 3_800, until: 3_900 },
    { what: 'attempt', attempt: 2, at: 3_900, until: 4_000, outcome: 'failed', error: 'mailbox full' },
  ])
})

test('without events the hash tells of the last attempt, and of earlier ones only their errors', () => {
  const { steps } = timelineOf({ ...life, begun: 3, errors: ['one', 'two', 'three'] }, [])
  expect(steps).toEqual([
    { what: 'added', at: 1_000 },
    { what: 'attempt', attempt: 1, outcome: 'failed', error: 'one' },
    { what: 'attempt', attempt: 2, outcome: 'failed', error: 'two' },
    { what: 'attempt', attempt: 3, at: 3_900, until: 4_000, outcome: 'failed', error: 'three' },
  ])
})

test('events that begin in the middle are numbered from the last attempt, and what came before is unknown', () => {
  const { steps } = timelineOf({ ...life, begun: 4, errors: ['mailbox full'] }, twice.slice(4))
  expect(steps.filter(({ what }) => what === 'attempt')).toEqual([
    { what: 'attempt', attempt: 1, outcome: 'unknown' },
    { what: 'attempt', attempt: 2, outcome: 'unknown' },
    { what: 'attempt', attempt: 3, outcome: 'unknown' },
    { what: 'attempt', attempt: 4, at: 3_900, until: 4_000, outcome: 'failed', error: 'mailbox full' },
  ])
})

test('after a replay the attempts are counted from one, and those before keep no number', () => {
  const replayed = [
    ...twice,
    event(9_000, 'waiting', { prev: 'failed' }),
    event(9_100, 'active'),
    event(9_200, 'completed'),
  ]
  const done = { ...life, begun: 1, state: 'completed', processedAt: 9_100, finishedAt: 9_200, errors: [] }
  const attempts = timelineOf(done, replayed).steps.filter(({ what }) => what === 'attempt')
  expect(attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
    [undefined, 'failed'],
    [undefined, 'failed'],
    [1, 'completed'],
  ])
})

test('a stalled attempt is not taken for a failed one, and errors that cannot be told apart are not given to it', () => {
  const stalled = [
    event(1_000, 'waiting'),
    event(1_500, 'active'),
    event(31_000, 'waiting', { prev: 'active' }),
    event(31_000, 'stalled'),
    event(31_100, 'active'),
  ]
  const { steps } = timelineOf({ addedAt: 1_000, state: 'active', begun: 2, errors: ['older'] }, stalled)
  expect(steps.at(-1)).toEqual({ what: 'attempt', attempt: 2, at: 31_100, outcome: 'running' })
  expect(steps.find(({ attempt }) => attempt === 1)).toMatchObject({ outcome: 'stalled', until: 31_000 })
  expect(steps.some(({ error }) => error !== undefined)).toBe(false)
})

test('of very many attempts the last are listed, and how many are not', () => {
  const { steps, unseen } = timelineOf({ ...life, begun: 500, errors: [] }, [])
  expect(unseen).toBe(480)
  expect(steps[1]).toMatchObject({ attempt: 481 })
  expect(steps.at(-1)).toMatchObject({ attempt: 500, outcome: 'failed' })
})
