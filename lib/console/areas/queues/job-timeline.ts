import type { JobEvent } from '../../../infrastructure/queue/index.ts'

/** A stretch in the life of a job. Times are ms since the epoch; an absent one is not known. */
export interface TimelineStep {
  /** `delayed` before its first attempt, `backoff` between attempts; `ended` without an attempt: it was put among the dead letters. */
  what: 'added' | 'waiting' | 'delayed' | 'backoff' | 'waiting-children' | 'attempt' | 'ended'
  at?: number
  /** When the next one began; absent while it lasts too. */
  until?: number
  /** Which attempt, from 1; absent in a round before a replay. */
  attempt?: number
  /** Of an attempt; `unknown`: how it ended is not known. */
  outcome?: 'completed' | 'failed' | 'stalled' | 'running' | 'unknown'
  error?: string
}

/** What the hash of a job says of its life. */
export interface JobLife {
  addedAt?: number
  processedAt?: number
  finishedAt?: number
  state?: string
  /** Attempts that have begun since it was added or replayed. */
  begun: number
  error?: string
  /** First lines of the errors of its failed attempts, oldest first, as far as they are kept. */
  errors: readonly string[]
}

/** The most attempts that only the hash shows. */
const UNSEEN = 20

/**
 * The life of a job: its events as far as the queue keeps them, and what they no longer show by its own hash. `unseen` is how many more
 * attempts there were of which nothing is listed.
 */
export function timelineOf(life: JobLife, events: readonly JobEvent[]): { steps: TimelineStep[]; unseen: number } {
  const { steps, roundAt } = stepsOf(events)
  const round = steps.slice(roundAt)
  const seen = round.filter(({ what }) => what === 'attempt')
  // Counted from the last one: the first may be trimmed.
  for (const [at, step] of seen.entries()) {
    const attempt = life.begun - (seen.length - 1 - at)
    if (attempt > 0) step.attempt = attempt
  }
  const missing = Math.max(0, life.begun - seen.length)
  const unlisted = unlistedAttempts(life, missing, seen.length === 0)
  steps.splice(roundAt, 0, ...unlisted)
  giveErrors(life, [...unlisted, ...seen])
  if (!steps.some(({ what }) => what === 'added') && life.addedAt !== undefined)
    steps.unshift({ what: 'added', at: life.addedAt })
  closeLast(life, steps)
  return { steps, unseen: missing - unlisted.length }
}

/** What the events show, and where the round begins that counts since a replay. */
function stepsOf(events: readonly JobEvent[]): { steps: TimelineStep[]; roundAt: number } {
  const steps: TimelineStep[] = []
  let roundAt = 0
  const begin = (step: TimelineStep) => {
    const last = steps.at(-1)
    if (last) last.until ??= step.at as number
    steps.push(step)
  }
  /** An attempt that ended otherwise than by its last event is followed by a wait. */
  const endAttempt = (outcome: TimelineStep['outcome'], at: number, error?: string) => {
    const open = steps.at(-1)
    if (open?.what !== 'attempt' || open.outcome !== 'running') return false
    Object.assign(open, { outcome, until: at, ...(error === undefined ? {} : { error }) })
    return true
  }
  for (const { at, event, prev, error } of events) {
    switch (event) {
      case 'added':
        begin({ what: 'added', at })
        break
      case 'waiting':
        if (prev === 'failed' || prev === 'completed') roundAt = steps.length
        endAttempt('failed', at)
        begin({ what: 'waiting', at })
        break
      case 'delayed':
        begin({ what: endAttempt('failed', at) ? 'backoff' : 'delayed', at })
        break
      case 'waiting-children':
        endAttempt('unknown', at)
        begin({ what: 'waiting-children', at })
        break
      case 'active':
        begin({ what: 'attempt', at, outcome: 'running' })
        break
      case 'stalled': {
        const stalled = steps.findLast(({ what }) => what === 'attempt')
        if (stalled) Object.assign(stalled, { outcome: 'stalled', error: undefined })
        break
      }
      case 'completed':
      case 'failed':
        if (!endAttempt(event, at, error)) begin({ what: 'ended', at, outcome: event, ...(error ? { error } : {}) })
        break
    }
  }
  return { steps, roundAt }
}

/** Attempts of which no event is kept; the last of all is known from the hash. */
function unlistedAttempts(
  { begun, processedAt, finishedAt, state }: JobLife,
  missing: number,
  withLast: boolean,
): TimelineStep[] {
  const first = Math.max(1, missing - UNSEEN + 1)
  return Array.from({ length: missing - first + 1 }, (_, index): TimelineStep => {
    const attempt = first + index
    if (!withLast || attempt < begun) return { what: 'attempt', attempt, outcome: 'unknown' }
    return {
      what: 'attempt',
      attempt,
      ...(processedAt === undefined ? {} : { at: processedAt }),
      ...(finishedAt === undefined || processedAt === undefined ? {} : { until: finishedAt }),
      outcome: state === 'completed' || state === 'failed' ? state : state === 'active' ? 'running' : 'unknown',
    }
  })
}

/** The newest error belongs to the last attempt that failed, and so on back, unless one stalled: then only the last is certain. */
function giveErrors({ errors, error, state }: JobLife, attempts: TimelineStep[]): void {
  const failed = attempts.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown')
  const isCertain = !attempts.some(({ outcome }) => outcome === 'stalled')
  for (const [back, step] of failed.toReversed().entries()) {
    const own = isCertain ? errors.at(-1 - back) : undefined
    if (own === undefined) continue
    step.error ??= own
    step.outcome = 'failed'
  }
  const last = attempts.at(-1)
  if (state === 'failed' && last?.outcome === 'failed' && error !== undefined) last.error ??= error
}

/** What was still open when its events ended, by the hash. */
function closeLast({ state, finishedAt }: JobLife, steps: TimelineStep[]): void {
  const last = steps.at(-1)
  if (last?.what !== 'attempt' || last.outcome !== 'running' || state === 'active') return
  last.outcome = state === 'completed' || state === 'failed' ? state : 'unknown'
  if (finishedAt !== undefined) last.until ??= finishedAt
}
