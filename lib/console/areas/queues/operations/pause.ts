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

const Input = z.strictObject({
  ...queueFields,
  minutes: z
    .number()
    .int()
    .min(1)
    .max(10_080)
    .optional()
    .describe('it is resumed after these; left out: when an operator does'),
  reason: Reason.optional(),
})
const State = z.object({ server: z.string(), queue: z.string() })

export const pauseQueue = defineOperation({
  id: 'queue.pause',
  title: 'Pause a queue',
  description:
    'No worker starts another job of the queue, wherever it runs, until it is resumed or the time is over; active jobs finish, and jobs can still be added.',
  permission: 'queue:pause',
  targetKind: 'queue',
  input: Input,
  risk: 'one',
  reason: 'optional',
  target: toTarget,
  affects: queueFigures,

  async preview({ environment }, input) {
    const target = await targetOf(environment, input)
    const { queue } = target
    if (queue.paused) throw alreadyPaused(input.queue)
    const active = queue.counts.active ?? 0
    const waiting = waitingOf(queue)
    return {
      summary: `No job of ${input.queue} will start until it is resumed${input.minutes === undefined ? '' : `, which happens in ${counted(input.minutes, 'minute')}`}. ${active > 0 ? `${counted(active, 'active job')} will finish. ` : ''}${waiting === undefined ? 'How many wait is not known.' : `${counted(waiting, 'job waits', 'jobs wait')} and will keep waiting.`}`,
      action: 'Pause the queue',
      affected: { count: 1, precision: 'exact', noun: 'queue', sample: [input.queue] },
      warnings: [
        ...takenToBe(target),
        ...(queue.writer.major !== undefined && queue.writer.major < 6 && queue.inPausedList > 0
          ? ['Another version of BullMQ left jobs in the paused list; they will be moved to the others in order.']
          : []),
      ],
      undo: { windowMs: UNDO_WINDOW },
    }
  },

  async run({ environment }, input, { actor }) {
    const { server, address, queue } = await targetOf(environment, input)
    if (queue.paused) throw alreadyPaused(input.queue)
    const pauses = environment.of(QueuePauses)
    // Before it is paused, so that a console that dies in between leaves no pause without an end.
    await pauses.note(input.server, input.queue, {
      by: actor.name,
      ...(input.reason === undefined ? {} : { reason: input.reason }),
      ...(input.minutes === undefined ? {} : { until: Date.now() + input.minutes * 60_000 }),
    })
    const news = await acting(server, () => server.acts.pause(address))
    if (!news) {
      await pauses.forget(input.server, input.queue)
      throw alreadyPaused(input.queue)
    }
    return {
      status: 'succeeded',
      summary: `Paused ${input.queue}${input.minutes === undefined ? '' : ` for ${counted(input.minutes, 'minute')}`}.`,
      undo: { state: { server: input.server, queue: input.queue }, windowMs: UNDO_WINDOW },
    }
  },

  async recover({ environment }, input) {
    return pausedAsFound(input.queue, (await targetOf(environment, input)).queue)
  },

  overtakenBy: ({ server }, later) => later.operation === 'queue.resume' && isOn(server, later),

  async undo({ environment }, saved, { signal }) {
    const input = State.parse(saved)
    const { server, address } = await targetOf(environment, input)
    const was = await acting(server, () => server.acts.resume(address, { signal }))
    await environment.of(QueuePauses).forget(input.server, input.queue)
    if (!was) throw new RefusalError({ code: 'conflict', message: `${input.queue} has already been resumed.` })
    return { status: 'succeeded', summary: `Resumed ${input.queue}.` }
  },

  /** Resuming is done in steps: the rest is repeated, which does no harm. */
  async recoverUndo({ environment }, saved, { signal }) {
    const input = State.parse(saved)
    const { server, address } = await targetOf(environment, input)
    await acting(server, () => server.acts.resume(address, { signal }))
    await environment.of(QueuePauses).forget(input.server, input.queue)
    return { status: 'succeeded', summary: `Resumed ${input.queue}.` }
  },
})

function alreadyPaused(queue: string) {
  return new RefusalError({ code: 'conflict', message: `${queue} is already paused.` })
}
