import type { CatchUp } from './port.ts'

interface Question {
  /** All that have been due since the last that was dealt with, the oldest first. */
  due: readonly number[]
  now: number
  lateAfterMs: number
  policy: CatchUp
}

export interface CatchUpPlan {
  /** To run, the oldest first. */
  run: number[]
  /** To be noted as missed. */
  missed: number[]
}

/** Which of those that were due run now. The newest does if it is in time, and then stands for those before it where one is enough. */
export function planCatchUp({ due, now, lateAfterMs, policy }: Question): CatchUpPlan {
  const inTime = due.slice(-1).filter(at => now - at <= lateAfterMs)
  const rest = due.slice(0, due.length - inTime.length)
  const most = policy === 'skip' ? 0 : policy === 'once' ? 1 - inTime.length : policy.all
  const from = Math.max(0, rest.length - most)
  return { run: [...rest.slice(from), ...inTime], missed: rest.slice(0, from) }
}
