import type { Measurement } from '../harness/definition.ts'

/** The settings of every breaker here: a comparable sampling window, and no timeout of its own. */
export const POLICY = {
  /** Share of failures at which it opens. */
  threshold: 0.5,
  windowMs: 10_000,
  minimumRps: 5,
  halfOpenAfterMs: 600_000,
}

export type Guard = (call: () => Promise<number>) => Promise<number>

/** ns per call, as a mean over many: a single one is shorter than a clock's resolution. */
const CALLS = 300_000
const WARM_CALLS = 100_000
/** Far below the share at which it opens. */
const ONE_FAILS_IN = 4

const FAILURE = new Error('the dependency failed')
const succeed = async () => 1
const fail = async (): Promise<number> => {
  throw FAILURE
}

/** The three paths of a breaker, each with a breaker of its own that stays in that state. */
export async function measureCalls(open: () => Guard): Promise<Measurement> {
  const bare = await nsPerCall(call => call(), succeed)
  const closed = await measureClosed(open())
  let turn = 0
  const mixed = await nsPerCall(open(), () => (++turn % ONE_FAILS_IN === 0 ? fail() : succeed()))
  const tripped = open()
  await trip(tripped)
  const rejecting = await nsPerCall(tripped, refuseToBeCalled)
  return { value: closed, extra: { bare, oneInFourFails: mixed, open: rejecting } }
}

/** The path of a breaker that has nothing to do. */
export function measureClosed(guard: Guard): Promise<number> {
  return nsPerCall(guard, succeed)
}

async function nsPerCall(guard: Guard, call: () => Promise<number>): Promise<number> {
  await repeat(guard, call, WARM_CALLS)
  globalThis.gc?.()
  const began = process.hrtime.bigint()
  await repeat(guard, call, CALLS)
  return Number(process.hrtime.bigint() - began) / CALLS
}

async function repeat(guard: Guard, call: () => Promise<number>, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    try {
      await guard(call)
    } catch (error) {
      if (error === CALLED) throw error
    }
  }
}

const CALLED = new Error('an open breaker let a call through: this would not measure rejecting')
const refuseToBeCalled = async (): Promise<number> => {
  throw CALLED
}

/** Fails until a call is rejected without being made. */
async function trip(guard: Guard): Promise<void> {
  for (let i = 0; i < 10_000; i++) {
    let called = false
    await guard(() => {
      called = true
      return fail()
    }).catch(() => {})
    if (!called) return
  }
  throw new Error('the breaker did not open')
}
