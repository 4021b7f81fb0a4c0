import { setTimeout as rest } from 'node:timers/promises'
import { QueueError } from '../../../infrastructure/queue/index.ts'
import type { WatchedServer } from '../../queues/port.ts'
import type { RunControl, RunOutcome } from '../define.ts'
import { plural, refusalOf } from './target.ts'

/** Jobs in one line of the ledger, and lines for those that stayed as they were. */
const LINE = 5_000
const MOST_REFUSED = 1_000
/** Redis may be away for a moment: the step is asked for again, which does nothing twice (ms). */
const PATIENCE = 30_000

export interface Step {
  done: number
  refused: { id: string; reason: string }[]
  finished: boolean
}

interface Verb {
  /** `Replayed` */
  past: string
  /** `replayed` */
  did: string
}

/**
 * A bulk act in steps that can be repeated: how far it came is kept beside the jobs, in the same step that moves them, so that
 * neither a lost answer nor a dead worker makes it miscount. The ledger has a line for some thousands and one for each that stayed.
 */
export async function inSteps(
  server: WatchedServer,
  queue: string,
  { past, did }: Verb,
  next: () => Promise<Step>,
  set: { ids: readonly string[] } | { total?: number },
  control: RunControl,
): Promise<RunOutcome> {
  const total = 'ids' in set ? set.ids.length : set.total
  // Those that an earlier worker of this run found are looked at again, or not: told once either way.
  const stayed = new Set([...control.prior].flatMap(([id, status]) => (status === 'refused' ? [id] : [])))
  let done = 0
  let lines = 0
  const ledger = async (upTo: number) => {
    for (; (lines + 1) * LINE <= upTo; lines++)
      await control.item(rangeOf(lines * LINE + 1, (lines + 1) * LINE), 'done')
  }
  const close = async (over: boolean) => {
    void server.read({ maxAge: 0 })
    if ('ids' in set) {
      // Chosen ones are named one by one; of a step that was cut short it is not known which of them it did.
      for (const id of over ? set.ids : []) if (!stayed.has(id)) await control.item(id.slice(0, 300), 'done')
      return
    }
    await ledger(done)
    if (done > lines * LINE) await control.item(rangeOf(lines * LINE + 1, done), 'done')
  }
  const summary = () =>
    `${past} ${plural(done, 'job')} of ${queue}${stayed.size > 0 ? `; ${plural(stayed.size, 'stays as it was', 'stay as they were')}, each with its reason` : ''}.`
  for (;;) {
    if (control.signal.aborted) {
      await close(false)
      return { status: 'aborted', summary: `Aborted. ${summary()} Those already ${did} stay so.` }
    }
    let step: Step
    try {
      step = await patiently(next, control.signal)
    } catch (error) {
      await close(false)
      if (done === 0) throw refusalOf(server, error)
      const why = refusalOf(server, error) as Error
      return {
        status: 'partial',
        summary: `${summary()} Then it could not go on: ${why.message} Do it again for the rest.`,
      }
    }
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

async function patiently(next: () => Promise<Step>, signal: AbortSignal): Promise<Step> {
  const until = performance.now() + PATIENCE
  for (;;) {
    try {
      return await next()
    } catch (error) {
      const mayPass = error instanceof QueueError && error.code === 'QUEUE_UNREACHABLE'
      if (!mayPass || signal.aborted || performance.now() > until) throw error
      await rest(500)
    }
  }
}

const rangeOf = (from: number, to: number) => `jobs ${from.toLocaleString('en')} to ${to.toLocaleString('en')}`
