import { z } from 'zod'
import type { QueueLimits } from '../../../../infrastructure/queue/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation, type RunOutcome } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFigures } from '../acts/affected-series.ts'
import { acting, isOn, queueFields, reading, takenToBe, targetOf, toTarget } from '../acts/target.ts'

const UNDO_WINDOW = 10 * 60_000

const Count = z.number().int().min(1).max(1_000_000)
const Limits = z.object({
  concurrency: Count.nullable().describe('the most jobs at a time over all workers; null: no limit'),
  rate: z
    .strictObject({ max: Count, durationMs: z.number().int().min(1).max(86_400_000) })
    .nullable()
    .describe('the most jobs begun in so many ms, over all workers; null: the limiter of each worker'),
})
const Input = z.strictObject({ ...queueFields, ...Limits.shape, reason: Reason.optional() })
const State = z.object({ server: z.string(), queue: z.string(), before: Limits })

const toLimits = ({ concurrency, rate }: z.output<typeof Limits>): QueueLimits => ({
  ...(concurrency === null ? {} : { concurrency }),
  ...(rate === null ? {} : { rate }),
})
const fromLimits = ({ concurrency, rate }: QueueLimits) => ({ concurrency: concurrency ?? null, rate: rate ?? null })

export const setLimits = defineOperation({
  id: 'queue.set-limits',
  title: 'Set the limits of a queue',
  description:
    'The most jobs at a time, and the most begun in a span of time, over all workers of a queue. It is kept in the settings of the queue, for BullMQ 5 and 6.',
  permission: 'queue:limit',
  targetKind: 'queue',
  input: Input,
  risk: 'many',
  reason: 'optional',
  target: toTarget,
  affects: queueFigures,

  async preview({ environment }, input) {
    const target = await limitable(environment, input)
    const now = await reading(target.server, () => target.server.queues.limits(target.address))
    const limits = toLimits(input)
    const active = target.queue.counts.active ?? 0
    const { concurrency } = limits
    return {
      summary: `${input.queue} will have ${wordsOf(limits)}. Now it has ${wordsOf(now)}.`,
      action: 'Set the limits',
      affected: { count: 1, precision: 'exact', noun: 'queue', sample: [input.queue] },
      warnings: [
        ...takenToBe(target),
        ...(concurrency !== undefined && active > concurrency
          ? [
              `${active.toLocaleString('en')} jobs are active: they finish, and no other begins until fewer than ${concurrency.toLocaleString('en')} are.`,
            ]
          : []),
        ...(limits.rate ? ['Workers follow this rate in place of the limiter in their own options.'] : []),
      ],
      undo: { windowMs: UNDO_WINDOW },
    }
  },

  async run({ environment }, input) {
    const { server, address } = await limitable(environment, input)
    const before = await reading(server, () => server.queues.limits(address))
    await acting(server, () => server.acts.setLimits(address, toLimits(input)))
    return {
      status: 'succeeded',
      summary: `${input.queue} has ${wordsOf(toLimits(input))}.`,
      undo: { state: { server: input.server, queue: input.queue, before: fromLimits(before) }, windowMs: UNDO_WINDOW },
    }
  },

  recover: ({ environment }, input) => limitsAsFound(environment, input, input),

  overtakenBy: ({ server }, later) => later.operation === 'queue.set-limits' && isOn(server, later),

  async undo({ environment }, saved) {
    const { before, ...named } = State.parse(saved)
    const { server, address } = await limitable(environment, named)
    await acting(server, () => server.acts.setLimits(address, toLimits(before)))
    return { status: 'succeeded', summary: `${named.queue} has ${wordsOf(toLimits(before))} again.` }
  },

  recoverUndo({ environment }, saved) {
    const { before, ...named } = State.parse(saved)
    return limitsAsFound(environment, named, before)
  },
})

/** Whether the queue has the limits that were to be set. */
async function limitsAsFound(
  environment: ConsoleEnvironment,
  named: { server: string; queue: string },
  meant: z.output<typeof Limits>,
): Promise<RunOutcome> {
  const { server, address } = await limitable(environment, named)
  const now = await server.queues.limits(address)
  return JSON.stringify(fromLimits(now)) === JSON.stringify(fromLimits(toLimits(meant)))
    ? { status: 'succeeded', summary: `${named.queue} has ${wordsOf(now)}.` }
    : { status: 'failed', summary: `${named.queue} has ${wordsOf(now)}. Nothing was done.` }
}

async function limitable(environment: ConsoleEnvironment, named: { server: string; queue: string }) {
  const target = await targetOf(environment, named)
  const { major } = target.queue.writer
  if (major !== 4) return target
  throw new RefusalError({
    code: 'conflict',
    message: `${named.queue} belongs to BullMQ 4, which has no limits over all workers of a queue.`,
    nextStep: 'Set the concurrency and the limiter in the options of its workers.',
  })
}

function wordsOf({ concurrency, rate }: QueueLimits): string {
  const parts = [
    ...(concurrency === undefined ? [] : [`at most ${concurrency.toLocaleString('en')} jobs at a time`]),
    ...(rate
      ? [`at most ${rate.max.toLocaleString('en')} in ${(rate.durationMs / 1_000).toLocaleString('en')} s`]
      : []),
  ]
  return parts.length === 0 ? 'no limits' : parts.join(' and ')
}
