import type { Measurement } from '../harness/definition.ts'

export const COUNT = 20_000
export const CONCURRENCY = 20
/** How many additions are under way at a time. */
const ADDED_AT_ONCE = 100

export const DATA = { order: 'order-4711', cents: 4_200, items: ['a', 'b', 'c'] }
export const OPTIONS = { attempts: 3, keepCompleted: 0 }

export interface JobsInput {
  redisUrl: string
  prefix: string
}

/** Times all jobs from the first addition until the last one was handled (seconds): first all are added one by one, then worked on. */
export async function timed(add: () => Promise<unknown>, work: (handled: () => void) => unknown): Promise<Measurement> {
  // What is compiled and connected then is not measured.
  for (let at = 0; at < ADDED_AT_ONCE; at++) await add()
  const all = COUNT + ADDED_AT_ONCE
  const began = performance.now()
  for (let at = 0; at < COUNT; at += ADDED_AT_ONCE) await Promise.all(Array.from({ length: ADDED_AT_ONCE }, add))
  const added = performance.now()
  let handled = 0
  const done = Promise.withResolvers<void>()
  await work(() => {
    handled++
    if (handled === all) done.resolve()
  })
  await done.promise
  const ended = performance.now()
  const seconds = (ended - began) / 1_000
  return {
    value: seconds,
    extra: {
      perSecond: COUNT / seconds,
      addedPerSecond: COUNT / ((added - began) / 1_000),
      workedPerSecond: all / ((ended - added) / 1_000),
    },
  }
}
