import { setTimeout as pause } from 'node:timers/promises'
import { timeOfId } from '../../../../core/ids.ts'
import { counted } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { retrying } from '../../queues/index.ts'
import type { Patch } from './edit.ts'
import { followFates } from './fates.ts'
import { replayRecord } from './replay-record.ts'
import { replayStep } from './replay-step.ts'
import { undoState } from './return-jobs.ts'
import { REDIS_WAIT_MS, type SelectedJob, selectedJobs } from './selected-jobs.ts'
import { queuesOfRun, type Selected } from './selection.ts'
import { breakerWatch, breakerWords } from './stop.ts'

/** Between two looks at what became of the jobs, and the longest sleep in between (ms). */
const LOOK_EVERY = 500
const TICK = 200
/** How long jobs are followed after nothing has changed, and the outcome of a canary is waited for (ms). */
const FOLLOW_MS = 15_000
const CANARY_MS = 10 * 60_000
/** Failures count as a share once so many outcomes are known. */
const ENOUGH = 10
const PAGE = 500
export const UNDO_MS = 15 * 60_000
/** The line of the ledger that says that the canary is over; a resumed run does not wait for it again. */
const CANARY_LINE = 'canary'

export interface ReplayOptions {
  /** Jobs a second. */
  rate?: number | undefined
  /** So many first; the rest only if all of them completed. */
  canary?: number | undefined
  /** Stops when more than this share of the known outcomes, in per cent, are failures. */
  stopAbove?: number | undefined
  patch?: Patch | undefined
}

/**
 * A replay in steps that can be repeated. Redis keeps which jobs the run has moved, in the same step that moves them, so a run whose console
 * was killed continues with the jobs that are left, and follows those moved before.
 */
export async function replayRun(
  environment: ConsoleEnvironment,
  selected: Selected,
  { rate, canary, stopAbove, patch }: ReplayOptions,
  control: RunControl,
): Promise<RunOutcome> {
  const { signal, runId } = control
  const record = replayRecord(control)
  const fates = followFates(runId, signal)
  const before = control.resumed ? await queuesOfRun(environment, runId) : []
  const jobs: SelectedJob[] = []
  for (const queue of before)
    for (let from = 0; ; from += PAGE) {
      const ids = await retrying(
        () => queue.server.acts.movedBy(queue.address, runId, from, PAGE),
        signal,
        REDIS_WAIT_MS,
      )
      jobs.push(...ids.map(id => ({ queue, id })))
      if (ids.length < PAGE) break
    }
  for (const job of jobs) fates.add(job)
  await record.moved(jobs)
  const earlier = control.resumed ? { begunAt: timeOfId(runId), jobs } : undefined
  const set = await selectedJobs(selected, { earlier, signal, take: replayStep(runId, patch, signal) })
  const keys = new Set([...selected.queues, ...before].map(({ key }) => key))
  const openBreaker = breakerWatch(environment, keys)
  let lookedAt = Number.NEGATIVE_INFINITY

  const report = () => control.progress({ done: record.counts.moved, note: record.words(fates.count()) })
  async function look(every = LOOK_EVERY) {
    if (performance.now() - lookedAt < every) return 0
    lookedAt = performance.now()
    const settled = await fates.settled()
    await record.fates(settled)
    report()
    return settled.length
  }
  /** Why it must not go on, as the end of a sentence. */
  async function obstacle(): Promise<string | undefined> {
    if (signal.aborted) return 'it was aborted'
    const open = await openBreaker()
    if (open) return breakerWords(open)
    const known = record.counts.completed + record.counts.failed
    const share = (100 * record.counts.failed) / Math.max(1, known)
    if (stopAbove !== undefined && known >= ENOUGH && share > stopAbove)
      return `${record.counts.failed} of ${known} failed again, which is more than ${stopAbove} % (${record.firstError})`
    return undefined
  }
  async function move(count: number, spread: boolean): Promise<boolean> {
    const step = await set.next(count, { spread })
    if (!step) return false
    for (const job of step.moved) fates.add(job)
    await record.moved(step.moved)
    await record.refused(step.refused)
    report()
    return true
  }

  async function runCanary(size: number): Promise<string | undefined> {
    while (record.counts.moved < size) {
      const why = await obstacle()
      if (why) return why
      if (!(await move(1, true))) break
    }
    const until = performance.now() + CANARY_MS
    while (fates.count() > 0) {
      await look()
      const why = await obstacle()
      if (why) return why
      if (record.counts.failed > 0) break
      if (performance.now() > until) return 'the canary was not worked on within ten minutes'
      await sleep(TICK, signal)
    }
    const { failed, gone, movedOn } = record.counts
    if (failed > 0) return `${counted(failed, 'job')} of the canary failed again (${record.firstError})`
    if (gone + movedOn > 0) return `the outcome of ${counted(gone + movedOn, 'job')} of the canary is not known`
    await control.item(CANARY_LINE, 'done', 'all of the canary completed')
    return undefined
  }

  async function runRest(): Promise<string | undefined> {
    const began = performance.now()
    let taken = 0
    for (;;) {
      await look()
      const why = await obstacle()
      if (why) return why
      const due =
        rate === undefined
          ? Number.POSITIVE_INFINITY
          : Math.floor(((performance.now() - began) / 1_000) * rate) + 1 - taken
      if (due < 1) {
        await sleep(Math.min(TICK, 1_000 / (rate ?? 1)), signal)
        continue
      }
      const movedBefore = record.counts.moved
      if (!(await move(due, false))) return undefined
      taken += record.counts.moved - movedBefore
    }
  }

  /** Until each has its outcome, or nothing changes any more. */
  async function follow() {
    let changedAt = performance.now()
    while (fates.count() > 0 && !signal.aborted) {
      if ((await look()) > 0) changedAt = performance.now()
      if (performance.now() - changedAt > FOLLOW_MS || fates.queues().every(({ queue }) => isIdle(queue))) break
      await sleep(TICK, signal)
    }
    await look(0)
  }

  const isPast = canary === undefined || control.prior.has(CANARY_LINE)
  const stopped = (isPast ? undefined : await runCanary(canary)) ?? (await runRest())
  if (stopped === undefined) await follow()
  else await look(0)
  return close(stopped, { run: runId, queues: [...selected.queues, ...before] }, record, fates.count())
}

const isIdle = ({ paused, workers }: Selected['queues'][number]['queue']) =>
  paused || (workers.known && workers.value.length === 0)

const sleep = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal }).catch(() => {})

function close(
  stopped: string | undefined,
  { run, queues }: { run: string; queues: Selected['queues'] },
  record: ReturnType<typeof replayRecord>,
  waiting: number,
): RunOutcome {
  const { counts } = record
  const { moved, failed, refused } = counts
  const words = record.words(waiting)
  const result = { ...counts, waiting }
  const undo = moved > 0 ? { undo: { state: undoState(run, queues), windowMs: UNDO_MS } } : {}
  if (stopped === 'it was aborted') return { status: 'aborted', summary: `Aborted. ${words}`, result, ...undo }
  if (stopped !== undefined) {
    const summary = `Stopped, because ${stopped}. ${words} The others stay dead letters.`
    return { status: moved > 0 ? 'partial' : 'failed', summary, result: { ...result, stopped }, ...undo }
  }
  const status = failed > 0 || refused > 0 ? (moved > 0 ? 'partial' : 'failed') : 'succeeded'
  return { status, summary: words, result, ...undo }
}
