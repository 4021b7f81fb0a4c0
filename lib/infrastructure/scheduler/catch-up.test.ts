import { expect, test } from 'vitest'
import { planCatchUp } from './catch-up.ts'

const now = 1_000_000
const question = { now, lateAfterMs: 1_000 }

test.each([
  ['skip', [100, 200], [], [100, 200]],
  ['once', [100, 200], [200], [100]],
  [{ all: 2 }, [100, 200, 300], [200, 300], [100]],
  [{ all: 0 }, [100, 200], [], [100, 200]],
  [{ all: 9 }, [100, 200], [100, 200], []],
  ['skip', [100, now - 10], [now - 10], [100]],
  ['once', [100, 200, now - 10], [now - 10], [100, 200]],
  [{ all: 1 }, [100, 200, now - 10], [200, now - 10], [100]],
  // Two in time, as after a second's pause of a schedule that runs every few ms: the newest is enough.
  ['once', [now - 20, now - 10], [now - 10], [now - 20]],
] as const)('%j of %j runs %j and misses %j', (policy, due, run, missed) => {
  expect(planCatchUp({ ...question, due, policy })).toEqual({ run, missed })
})
