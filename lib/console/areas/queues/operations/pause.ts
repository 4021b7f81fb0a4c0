import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFigures } from '../acts/affected-series.ts'
import { acting, isOn, queueFields, takenToBe, targetOf, toTarget } from '../acts/target.ts'
import { waitingOf } from '../condition.ts'

const UNDO_WINDOW = 10 * 60_000

const Input = z.strictObject({ ...queueFields, reason: Reason.optional() })
const State = z.object({ server: z.string(), queue: z.string() })

export const pauseQueue = defineOperation({
  id: 'queue.pause',
  title: 'Pause a queue',
  description:
    'No worker starts another job of the queue, wherever it runs; active jobs finish, and jobs can still be added.',
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
      summary: `No job of ${input.queue} will start until it is resumed. ${active > 0 ? `${counted(active, 'active job')} will finish. ` : ''}${waiting === undefined ? 'How many wait is not known.' : `${counted(waiting, 'job waits', 'jobs wait')} and will keep waiting.`}`,
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

  async run({ environment }, input) {
    const { server, address } = await targetOf(environment, input)
    const news = await acting(server, () => server.acts.pause(address))
    if (!news) throw alreadyPaused(input.queue)
    return {
      status: 'succeeded',
      summary: `Paused ${input.queue}.`,
      undo: { state: { server: input.server, queue: input.queue }, windowMs: UNDO_WINDOW },
    }
  },

  async recover({ environment }, input) {
    const { queue } = await targetOf(environment, input)
    return queue.paused
      ? { status: 'succeeded', summary: `${input.queue} is paused.` }
      : { status: 'failed', summary: `${input.queue} is not paused. Nothing was done.` }
  },

  overtakenBy: ({ server }, later) => later.operation === 'queue.resume' && isOn(server, later),

  async undo({ environment }, saved, { signal }) {
    const input = State.parse(saved)
    const { server, address } = await targetOf(environment, input)
    const was = await acting(server, () => server.acts.resume(address, { signal }))
    if (!was) throw new RefusalError({ code: 'conflict', message: `${input.queue} has already been resumed.` })
    return { status: 'succeeded', summary: `Resumed ${input.queue}.` }
  },
})

function alreadyPaused(queue: string) {
  return new RefusalError({ code: 'conflict', message: `${queue} is already paused.` })
}
