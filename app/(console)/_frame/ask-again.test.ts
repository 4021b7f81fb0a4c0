import { setTimeout as pause } from 'node:timers/promises'
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { askAgain, isMadeOf } from './ask-again.ts'

const queryKey = ['view', 'demo', 'shell']
let client: QueryClient
let stop: () => void
let asked = 0

beforeEach(() => {
  client = new QueryClient({
    defaultOptions: { queries: { retry: 1, retryDelay: 60, staleTime: Number.POSITIVE_INFINITY } },
  })
  asked = 0
  stop = () => {}
})
afterEach(() => {
  stop()
  client.clear()
})

/** A view on the screen, seeded by the server. */
function show(answer: (at: number) => Promise<number>) {
  const queryFn = () => answer(++asked)
  stop = new QueryObserver(client, { queryKey, queryFn, initialData: 0 }).subscribe(() => {})
}
const shown = () => client.getQueryState<number>(queryKey)

/** Something changes every few milliseconds, until what is on the screen is as it should be. */
async function whileThingsChange(expected: () => void) {
  const changing = setInterval(() => askAgain(client, { onceMore: true }), 10)
  try {
    await vi.waitFor(expected, { timeout: 3_000 })
  } finally {
    clearInterval(changing)
  }
}

test('answers that take longer than the time between changes come through', async () => {
  show(async at => {
    await pause(80)
    return at
  })
  await whileThingsChange(() => expect(shown()?.data).toBeGreaterThan(1))
})

test('a failure comes through as well, though it is tried twice', async () => {
  show(() => Promise.reject(new Error('Postgres refuses connections')))
  await whileThingsChange(() => expect(shown()?.error?.message).toBe('Postgres refuses connections'))
})

test('what changed while it was being asked for is asked for once more, by a beat not', async () => {
  const waiting: (() => void)[] = []
  show(async at => {
    await new Promise<void>(done => waiting.push(done))
    return at
  })
  const answerIt = async () => {
    await vi.waitFor(() => expect(waiting).toHaveLength(1))
    waiting.shift()?.()
  }
  askAgain(client, { onceMore: true })
  await vi.waitFor(() => expect(asked).toBe(1))
  for (let change = 0; change < 3; change++) askAgain(client, { onceMore: true })
  await answerIt()
  await answerIt()
  await vi.waitFor(() => expect(shown()).toMatchObject({ data: 2, fetchStatus: 'idle' }))

  askAgain(client, { onceMore: false })
  await vi.waitFor(() => expect(asked).toBe(3))
  askAgain(client, { onceMore: false })
  await answerIt()
  await vi.waitFor(() => expect(shown()).toMatchObject({ data: 3, fetchStatus: 'idle' }))
  await pause(50)
  expect(asked).toBe(3)
})

test('only those that are meant are asked for', async () => {
  show(async at => at)
  askAgain(client, { meant: query => query.queryKey[2] === 'queues', onceMore: true })
  await pause(30)
  expect(asked).toBe(0)
})

test('a change asks again for what is made of it, be it one reading or many, and for what has no answer yet', () => {
  const reading = (...topics: string[]) => ({ topics })
  expect(isMadeOf(reading('queues', 'fleet'), ['queues'])).toBe(true)
  expect(isMadeOf(reading('queues'), ['breakers'])).toBe(false)
  expect(isMadeOf([reading('series'), reading('queues')], ['queues'])).toBe(true)
  expect(isMadeOf(reading(), ['queues'])).toBe(false)
  expect(isMadeOf(undefined, ['queues'])).toBe(true)
})
