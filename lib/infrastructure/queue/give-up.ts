import { InfrastructureError } from '../../core/errors.ts'

/** Thrown in place of a job's outcome: it goes back to its queue without losing an attempt, for `delayMs` where that is not at once. */
export class GivenUp extends Error {
  readonly delayMs: number

  constructor(why: string, { delayMs = 0 }: { delayMs?: number } = {}) {
    super(why)
    this.delayMs = delayMs
  }
}

/** A job whose signal aborted for this reason has failed with it; for any other, its worker is being closed. */
export const endsJob = (reason: unknown): reason is InfrastructureError => reason instanceof InfrastructureError

/** Resolves with true when it ends in time. */
export async function endsWithin(done: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(resolve, ms, false)
  })
  try {
    return await Promise.race([done.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
