import { z } from 'zod'
import type { QueueMajor } from '../../../../infrastructure/queue/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation, type OperationContext, type RunOutcome } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { findQueue, isOn, queueFields, toTarget } from '../acts/target.ts'
import { knownHow } from '../major.ts'
import { Queues } from '../resource.ts'

const UNDO_WINDOW = 10 * 60_000

const Major = z.union([z.literal(4), z.literal(5), z.literal(6)])
const Input = z.strictObject({
  ...queueFields,
  major: Major.describe('the major of the BullMQ that works on it, from the package.json of its service'),
  reason: Reason,
})
const State = z.object({
  server: z.string(),
  queue: z.string(),
  before: z.object({ major: Major, by: z.string(), at: z.number(), reason: z.string() }).optional(),
})

/** What depends on the major. */
const RULES: Record<QueueMajor, string> = {
  4: 'BullMQ 4 wakes workers by an entry in the list wait, and keeps jobs in the list paused while a queue is paused.',
  5: 'BullMQ 5 wakes workers by the key marker, and keeps jobs in the list paused while a queue is paused.',
  6: 'BullMQ 6 wakes workers by the key marker, and leaves jobs in the list wait while a queue is paused.',
}

export const setQueueMajor = defineOperation({
  id: 'queue.set-major',
  title: 'Set the BullMQ version of a queue',
  description:
    'For a queue whose settings name no version, such as one that only a FlowProducer and workers use: acts on it then go by the rules of that major. The console remembers it; nothing is written to Redis.',
  permission: 'queue:set-major',
  targetKind: 'queue',
  input: Input,
  risk: 'many',
  reason: 'required',
  target: toTarget,

  async preview({ environment }, { major, ...named }) {
    const { queue } = await admitMajor(environment, named, major)
    const { by, setting, possible = [] } = queue.writer
    const others = possible.filter(other => other !== major)
    return {
      summary: `Acts on ${named.queue} will go by the rules of BullMQ ${major}. ${RULES[major]}`,
      action: `Set BullMQ ${major}`,
      affected: { count: 1, precision: 'exact', noun: 'queue', sample: [named.queue] },
      warnings: [
        `Find it in the package.json of the service that works on the queue. By the rules of another major, a pause may leave jobs where no worker looks for them, and a replay may wake no worker; resuming by the right rules makes such jobs available again.`,
        ...others.map(other => `BullMQ ${other} is possible too. ${RULES[other]}`),
        ...(by === 'siblings'
          ? [`Until now acts went by BullMQ ${queue.writer.major}, ${knownHow(queue.writer)}.`]
          : []),
        ...(setting ? [`${setting.by} set BullMQ ${setting.major} before: ${setting.reason}`] : []),
      ],
      undo: { windowMs: UNDO_WINDOW },
    }
  },

  async run({ environment }, { major, reason, ...named }, { actor }) {
    await admitMajor(environment, named, major)
    const { majorSettings, server } = environment.of(Queues)
    const before = await majorSettings.set(named.server, named.queue, { major, by: actor.name, reason })
    void server(named.server)?.read({ maxAge: 0 })
    return {
      status: 'succeeded',
      summary: `Acts on ${named.queue} go by the rules of BullMQ ${major}.`,
      undo: { state: { ...named, ...(before ? { before } : {}) }, windowMs: UNDO_WINDOW },
    }
  },

  async recover({ environment }, { major, server, queue }) {
    const settingOf = await environment.of(Queues).majorSettings.read({ maxAge: 0 })
    return settingOf(server, queue)?.major === major
      ? { status: 'succeeded', summary: `Acts on ${queue} go by the rules of BullMQ ${major}.` }
      : { status: 'failed', summary: `No BullMQ version was set for ${queue}. Nothing was done.` }
  },

  overtakenBy: ({ server }, later) => later.operation === 'queue.set-major' && isOn(server, later),

  undo: restoreMajor,
  /** It is one write of the console's own, which does no harm when repeated. */
  recoverUndo: restoreMajor,
})

async function restoreMajor({ environment }: OperationContext, saved: unknown): Promise<RunOutcome> {
  const { server: serverName, queue, before } = State.parse(saved)
  const { majorSettings, server } = environment.of(Queues)
  await majorSettings.restore(serverName, queue, before)
  void server(serverName)?.read({ maxAge: 0 })
  return {
    status: 'succeeded',
    summary: before
      ? `Acts on ${queue} go by the rules of BullMQ ${before.major} again.`
      : `The BullMQ version set for ${queue} is removed.`,
  }
}

/** Refuses what the queue itself contradicts. */
async function admitMajor(
  environment: ConsoleEnvironment,
  named: { server: string; queue: string },
  major: QueueMajor,
) {
  const target = await findQueue(environment, named)
  const { version, possible = [], by } = target.queue.writer
  const refuse = (message: string) => {
    throw new RefusalError({ code: 'conflict', message, fields: { major: 'contradicts its keys' } })
  }
  if (version !== undefined) refuse(`${named.queue} names its version itself: ${version}.`)
  if (by === 'traces' || by === 'workers')
    refuse(`${named.queue} belongs to BullMQ ${target.queue.writer.major}, ${knownHow(target.queue.writer)}.`)
  if (!possible.includes(major))
    refuse(`BullMQ ${major} does not work on ${named.queue}: its keys show ${possible.join(' or ')}.`)
  return target
}
