import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFigures } from '../acts/affected-series.ts'
import { pausedAsFound } from '../acts/paused-as-found.ts'
import { acting, isOn, queueFields, takenToBe, targetOf, toTarget } from '../acts/target.ts'
import { waitingOf } from '../condition.ts'
import { QueuePauses } from '../pauses.ts'

const UNDO_WINDOW = 10 * 60_000

const Input = z.strictObject({ ...queueFields, reason: Reason.optional() })
const State = z.object({ server: z.string(), queue: z.string() })

export const resumeQueue = defineOperation({
  id: 'queue.resume',
  title: 'Resume a queue',
  description:
    'Workers start jobs of the queue again. Jobs that another version of BullMQ left in the paused list become available too.',
  permission: 'queue:resume',
  targetKind: 'queue',
  input: Input,
  risk: 'one',
  reason: 'optional',
  target: toTarget,
  affects: queueFigures,

  async preview({ environment }, input) {
    const target = await targetOf(environment, input)
    const { queue } = target
    if (!queue.paused && queue.inPausedList === 0) throw notPaused(input.queue)
    const waiting = waitingOf(queue)
    return {
      summary: `${waiting === undefined ? 'An unknown number of jobs' : counted(waiting, 'waiting job')} of ${input.queue} will be worked on again${queue.paused ? '' : `; ${counted(queue.inPausedList, 'job is', 'jobs are')} in its paused list though it is not paused`}.`,
      action: 'Resume the queue',
      affected: { count: 1, precision: 'exact', noun: 'queue', sample: [input.queue] },
      warnings: [
        ...takenToBe(target),
        ...(queue.workers.known && queue.workers.value.length === 0
          ? ['No worker is connected: jobs wait until one starts.']
          : []),
      ],
      undo: queue.paused ? { windowMs: UNDO_WINDOW } : undefined,
    }
  },

  async run({ environment }, input, { signal }) {
    const { server, address, queue } = await targetOf(environment, input)
    if (!queue.paused && queue.inPausedList === 0) throw notPaused(input.queue)
    const was = await acting(server, () => server.acts.resume(address, { signal }))
    await environment.of(QueuePauses).forget(input.server, input.queue)
    return {
      status: 'succeeded',
      summary: was ? `Resumed ${input.queue}.` : `Made the jobs in the paused list of ${input.queue} available again.`,
      ...(was ? { undo: { state: { server: input.server, queue: input.queue }, windowMs: UNDO_WINDOW } } : {}),
    }
  },

  /** Resuming is done in steps: the rest is simply repeated, which does no harm. */
  async recover({ environment }, input, { signal }) {
    const { server, address } = await targetOf(environment, input)
    await acting(server, () => server.acts.resume(address, { signal }))
    return { status: 'succeeded', summary: `Resumed ${input.queue}.` }
  },

  overtakenBy: ({ server }, later) => later.operation === 'queue.pause' && isOn(server, later),

  async undo({ environment }, saved, { actor }) {
    const input = State.parse(saved)
    const { server, address } = await targetOf(environment, input)
    const news = await acting(server, () => server.acts.pause(address))
    if (!news) throw new RefusalError({ code: 'conflict', message: `${input.queue} has already been paused again.` })
    await environment.of(QueuePauses).note(input.server, input.queue, { by: actor.name })
    return { status: 'succeeded', summary: `Paused ${input.queue} again.` }
  },

  async recoverUndo({ environment }, saved, { actor }) {
    const input = State.parse(saved)
    const { queue } = await targetOf(environment, input)
    if (queue.paused) await environment.of(QueuePauses).note(input.server, input.queue, { by: actor.name })
    return pausedAsFound(input.queue, queue)
  },
})

function notPaused(queue: string) {
  return new RefusalError({ code: 'conflict', message: `${queue} is not paused; there is nothing to resume.` })
}
