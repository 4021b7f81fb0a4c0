import { InfrastructureError, messageOf } from '../core/errors.ts'
import type { Part } from './part.ts'

/** Below the four seconds in which a page must have answered, and above what any connection of a view waits (ms). */
const PART_DEADLINE = 2_500

/** When each named source was first seen down, so that a page can say since when. */
export interface Outages {
  note(source: string, failed: boolean): number
}

/** The record of one environment, or of the console itself. `now` in ms since the epoch. */
export function outages(now: () => number = Date.now): Outages {
  const since = new Map<string, number>()
  return {
    note(source, failed) {
      if (!failed) since.delete(source)
      else if (!since.has(source)) since.set(source, now())
      return since.get(source) ?? now()
    },
  }
}

/** Turns a reading into a part: what it gave, or why it did not within the deadline (ms). Never rejects. */
export async function part<T>(
  source: string,
  known: Outages,
  reading: Promise<T>,
  deadline = PART_DEADLINE,
): Promise<Part<T>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(new InfrastructureError(`${source} did not answer within ${deadline / 1000} s`, { retryable: true })),
      deadline,
    )
  })
  try {
    const data = await Promise.race([reading, late])
    known.note(source, false)
    return { status: 'up', data, at: Date.now() }
  } catch (error) {
    return {
      status: 'down',
      reason: reasonOf(source, error),
      since: known.note(source, true),
      nextStep: nextStepOf(source, error),
    }
  } finally {
    clearTimeout(timer)
  }
}

/** What a person can read of a failure. Drivers put addresses and statements into their messages; those stay in the log. */
export function reasonOf(source: string, error: unknown): string {
  const code = codeOf(error)
  if (code === 'ECONNREFUSED') return `${source} refuses connections`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${source} has an address that does not resolve`
  if (code === 'ETIMEDOUT' || code === 'CONNECT_TIMEOUT') return `${source} does not answer`
  const message = messageOf(error)
  if (/timed out|timeout/i.test(message)) return `${source} does not answer`
  const state = /the database system is (shutting down|starting up|in recovery mode)/.exec(message)?.[1]
  if (state !== undefined) return `${source} is ${state}`
  if (/terminating connection/.test(message)) return `${source} ended the connection`
  if (/writeable|closed|ended|ECONNRESET|EPIPE/i.test(`${message} ${code}`)) return `${source} cannot be reached`
  if (error instanceof InfrastructureError) return error.message
  if (/NOAUTH|WRONGPASS|password authentication/i.test(message)) return `${source} refuses our credentials`
  if (/NOPERM|permission denied/i.test(message)) return `${source} does not permit it: ${message.slice(0, 160)}`
  if (/LOADING/.test(message)) return `${source} is loading its data`
  return `${source} failed: ${message.split('\n')[0]?.slice(0, 160)}`
}

function nextStepOf(source: string, error: unknown): string {
  if (error instanceof InfrastructureError && error.nextStep) return error.nextStep
  return `Check that ${source} is running and reachable from the console; it is asked again by itself.`
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (error instanceof Error) {
    // Under a known error of ours lies the one that names the cause.
    const deeper = error.cause ? codeOf(error.cause) : ''
    return deeper || ((error as NodeJS.ErrnoException).code ?? '')
  }
  return ''
}
