import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFigures } from '../acts/affected-series.ts'
import { inSteps, LEDGER_LINES } from '../acts/in-steps.ts'
import { queueFields, targetOf, toTarget } from '../acts/target.ts'
import type { WatchedQueue } from '../port.ts'

const Input = z.strictObject({ ...queueFields, reason: Reason })

/** Of all states that are known. */
const sizeOf = ({ counts }: WatchedQueue) => Object.values(counts).reduce((sum, count) => sum + count, 0)

export const obliterateQueue = defineOperation({
  id: 'queue.obliterate',
  title: 'Obliterate a queue',
  description:
    'Pauses a queue and removes all of it for good: jobs in every state, schedulers, settings, events and metrics. It is refused while a worker is processing a job. It cannot be undone.',
  permission: 'queue:obliterate',
  targetKind: 'queue',
  input: Input,
  risk: 'grave',
  reason: 'required',
  durable: true,
  resumable: true,
  lines: LEDGER_LINES,
  target: toTarget,
  affects: queueFigures,

  async preview({ environment }, input) {
    const { queue } = await targetOf(environment, input, { anyMajor: true })
    mustRest(queue, input.queue)
    const count = sizeOf(queue)
    const isKnown = Object.keys(queue.counts).length === 7
    return {
      summary: `${input.queue} will be removed for good with ${isKnown ? counted(count, 'job') : `at least ${counted(count, 'job')}`} and ${queue.schedulers === undefined ? 'its schedulers' : counted(queue.schedulers, 'scheduler')}.`,
      action: `Obliterate ${input.queue}`,
      affected: {
        count,
        precision: isKnown ? 'exact' : 'unknown',
        noun: count === 1 ? 'job' : 'jobs',
        sample: Object.entries(queue.counts).flatMap(([state, jobs]) =>
          jobs > 0 ? [`${state}: ${counted(jobs, 'job')}`] : [],
        ),
      },
      warnings: [
        'Programs that go on adding jobs create the queue again, without settings and schedulers until they restart.',
        ...(queue.workers.known && queue.workers.value.length > 0
          ? [
              `${counted(queue.workers.value.length, 'worker is', 'workers are')} connected. Stop them first, or they wait for jobs of the new queue.`,
            ]
          : []),
        ...(queue.counts['waiting-children']
          ? ['Jobs of other queues that wait for jobs of this one will wait forever: let them continue first.']
          : []),
        'Nothing of it can be restored.',
      ],
    }
  },

  async run({ environment }, input, control) {
    const { queue } = await targetOf(environment, input, { anyMajor: true })
    if (!control.resumed) mustRest(queue, input.queue)
    const outcome = await inSteps(
      environment,
      input,
      'removed',
      ({ server: { acts }, address, queue: now }) => ({
        next: () => acts.obliterateNext(address, control.runId),
        set: { total: sizeOf(now) },
      }),
      control,
      { anyMajor: true },
    )
    return outcome.status === 'succeeded'
      ? { ...outcome, summary: `${outcome.summary} The queue is gone.` }
      : { ...outcome, summary: `${outcome.summary} The queue is not gone, and stays paused.` }
  },
})

function mustRest({ counts, orphans = 0 }: WatchedQueue, name: string) {
  const busy = (counts.active ?? 0) - orphans
  if (busy <= 0) return
  throw new RefusalError({
    code: 'conflict',
    message: `${counted(busy, 'job')} of ${name} ${busy === 1 ? 'is' : 'are'} active. Nothing was removed.`,
    nextStep: 'Pause the queue, and wait until its active jobs have ended.',
  })
}
