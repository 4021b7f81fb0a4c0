import { setTimeout as pause } from 'node:timers/promises'
import { QueueError } from '../../../../infrastructure/queue/index.ts'
import { counted } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { type QueueTarget, refusalOf, targetOf } from './target.ts'

/** The most jobs in one ledger line, and the most lines for jobs that stayed as they were. */
const LINE = 5_000
const MOST_REFUSED = 1_000
/** What the ledger counts: a line may stand for thousands of jobs, so lines are not jobs. */
export const LEDGER_LINES = ['line', 'lines'] as const
/** How long a step is retried while Redis is briefly down (ms); repeating it does nothing twice. */
const REDIS_WAIT_MS = 30_000

export interface Step {
  done: number
  refused: { id: string; reason: string }[]
  finished: boolean
}

export interface Work {
  next(): Promise<Step>
  /** The jobs of the act: these ids, or how many, where that is known. */
  set: { ids: readonly string[] } | { total?: number }
}

const JOBS = ['job', 'jobs'] as const

interface StepsOptions {
  waitMs?: number
  anyMajor?: boolean
  /** What is acted on, where that is not jobs. */
  noun?: readonly [one: string, many: string]
}

/**
 * A bulk act in steps that can be repeated: its progress is kept beside the jobs, in the same step that moves them, so that
 * neither a lost answer nor a lost worker makes it miscount. The ledger has a line for some thousands and one for each that stayed.
 * A resumed act waits for a Redis that is down, and never says that nothing was done.
 */
export async function inSteps(
  environment: ConsoleEnvironment,
  where: { server: string; queue: string },
  /** What happens to a job: `replayed`. */
  did: string,
  begin: (target: QueueTarget) => Work,
  control: RunControl,
  { waitMs = REDIS_WAIT_MS, anyMajor = false, noun = JOBS }: StepsOptions = {},
): Promise<RunOutcome> {
  const { queue } = where
  const past = `${did[0]?.toUpperCase()}${did.slice(1)}`
  const before = control.resumed && Math.max(control.resumed.done, doneBefore(control.prior))
  let target: QueueTarget
  try {
    const find = () => targetOf(environment, where, { anyMajor })
    target = await (control.resumed ? retrying(find, control.signal, waitMs) : find())
  } catch (error) {
    if (before === undefined || !(error instanceof RefusalError)) throw error
    const soFar =
      before > 0 ? `${past} at least ${counted(before, ...noun)} of ${queue}.` : outcomeNotKnown(queue, did, noun)
    return cutShort(before, `${soFar} Then it was interrupted, and could not be resumed`, error)
  }
  const { server } = target
  const { next, set } = begin(target)
  const total = 'ids' in set ? set.ids.length : set.total
  // Jobs that an earlier worker of this run refused may be checked again; each is named once either way.
  const stayed = new Set([...control.prior].flatMap(([id, { status }]) => (status === 'refused' ? [id] : [])))
  let done = before ?? 0
  // What an earlier worker did is first known from its ledger, then from the progress beside the jobs.
  let isExact = before === undefined
  let lines = 0
  const line = (from: number, to: number) => control.item(rangeOf(noun, from, to), 'done', undefined, { from, to })
  const ledger = async (upTo: number) => {
    for (; (lines + 1) * LINE <= upTo; lines++) await line(lines * LINE + 1, (lines + 1) * LINE)
  }
  const close = async (over: boolean) => {
    void server.read({ maxAge: 0 })
    if ('ids' in set) {
      // Selected jobs are named one by one; for an interrupted step it is not known which of them it did.
      for (const id of over ? set.ids : []) if (!stayed.has(id)) await control.item(id.slice(0, 300), 'done')
      return
    }
    await ledger(done)
    if (done > lines * LINE) await line(lines * LINE + 1, done)
  }
  const summary = () =>
    `${past} ${isExact ? '' : 'at least '}${counted(done, ...noun)} of ${queue}${stayed.size > 0 ? `; ${counted(stayed.size, 'stays as it was', 'stay as they were')}, each with its reason` : ''}.`
  for (;;) {
    if (control.signal.aborted) {
      await close(false)
      return { status: 'aborted', summary: `Aborted. ${summary()} Those already ${did} stay so.` }
    }
    let step: Step
    try {
      step = await retrying(next, control.signal, waitMs)
    } catch (error) {
      await close(false)
      const why = refusalOf(server, error)
      if (!(why instanceof RefusalError)) throw why
      // A refusal means that nothing was begun; after a lost answer it may have been.
      if (done === 0 && isExact && why.refusal.code !== 'unavailable') throw why
      return cutShort(
        done,
        `${done > 0 ? summary() : outcomeNotKnown(queue, did, noun)} Then it could not continue`,
        why,
      )
    }
    isExact = true
    done = step.done
    for (const { id, reason } of step.refused) {
      stayed.add(id)
      if (stayed.size <= MOST_REFUSED) await control.item(id.slice(0, 300), 'refused', reason)
    }
    if (!('ids' in set)) await ledger(done)
    control.progress({ done, ...(total === undefined ? {} : { total: Math.max(total, done) }) })
    if (step.finished) break
  }
  await close(true)
  return { status: stayed.size > 0 ? (done > 0 ? 'partial' : 'failed') : 'succeeded', summary: summary() }
}

type Noun = NonNullable<StepsOptions['noun']>
const outcomeNotKnown = (queue: string, did: string, [one]: Noun) =>
  `It is not known whether any ${one} of ${queue} was ${did}.`

function cutShort(done: number, soFar: string, { refusal }: RefusalError): RunOutcome {
  return {
    status: done > 0 ? 'partial' : 'unknown',
    summary: `${soFar}: ${refusal.message} Do it again for the rest.`,
  }
}

export async function retrying<T>(ask: () => Promise<T>, signal: AbortSignal, waitMs: number): Promise<T> {
  const until = performance.now() + waitMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const mayPass =
        error instanceof RefusalError
          ? error.refusal.code === 'unavailable'
          : error instanceof QueueError && error.code === 'QUEUE_UNREACHABLE'
      if (!mayPass || signal.aborted || performance.now() > until) throw error
      await pause(500)
    }
  }
}

const rangeOf = ([one, many]: Noun, from: number, to: number) =>
  from === to
    ? `${one} ${to.toLocaleString('en')}`
    : `${many} ${from.toLocaleString('en')} to ${to.toLocaleString('en')}`

/** How many jobs an earlier worker's ledger covers: up to the end of its ranges, or as many as it names. */
function doneBefore(prior: RunControl['prior']): number {
  const done = [...prior.values()].filter(({ status }) => status === 'done')
  return Math.max(0, ...done.map(({ range }) => range?.to ?? 0)) || done.length
}
