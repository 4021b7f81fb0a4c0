import { messageOf } from '../../core/errors.ts'
import type { RunContext, RunOutcome, ScheduleHandler } from './port.ts'

export interface Execution {
  outcome: RunOutcome
  message?: string
  /** Once the handler has ended, which may be long after it was told to. */
  settled: Promise<unknown>
}

/** How long a handler may go on after its signal has aborted before it is given up (ms). */
const GRACE = 500

/** Carries out one run. Resolves when it ends, or soon after its time is up or the process stops. */
export async function execute(
  handler: ScheduleHandler,
  context: Omit<RunContext, 'signal'>,
  { timeoutMs, stopping }: { timeoutMs: number | undefined; stopping: AbortSignal },
): Promise<Execution> {
  const ending = new AbortController()
  const stop = () => ending.abort(new Error('The process is being stopped'))
  stopping.addEventListener('abort', stop, { once: true })
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => ending.abort(new Error(`It took longer than ${timeoutMs} ms`)), timeoutMs)
  let given: NodeJS.Timeout | undefined
  const givenUp = new Promise<never>((_, reject) => {
    ending.signal.addEventListener('abort', () => {
      given = setTimeout(() => reject(ending.signal.reason), GRACE)
    })
  })
  if (stopping.aborted) stop()
  const work = (async () => handler({ ...context, signal: ending.signal }))()
  const settled = work.catch(() => undefined)
  try {
    await Promise.race([work, givenUp])
    return { outcome: 'succeeded', settled }
  } catch (error) {
    if (!ending.signal.aborted) return { outcome: 'failed', message: messageOf(error), settled }
    const outcome = stopping.aborted ? 'aborted' : 'timed-out'
    return { outcome, message: messageOf(ending.signal.reason), settled }
  } finally {
    clearTimeout(timer)
    clearTimeout(given)
    stopping.removeEventListener('abort', stop)
  }
}
