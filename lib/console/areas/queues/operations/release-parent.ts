import { z } from 'zod'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { name, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { acting, JobId, queueFields, reading, takenToBe, targetOf, toTarget } from '../acts/target.ts'

const Input = z.strictObject({
  ...queueFields,
  job: JobId.describe('the job that waits'),
  child: name(2_000).describe('the key of the job that it waits for: bull:mail:7'),
  reason: Reason.optional(),
})

async function waitingJob(environment: ConsoleEnvironment, input: z.infer<typeof Input>) {
  const target = await targetOf(environment, input)
  const { server, address } = target
  const waits = await reading(server, () => server.queues.waitsFor(address, input.job, input.child))
  if (!waits) throw doesNotWait(input)
  const job = await reading(server, () => server.queues.job(address, input.job, { maxBytes: 1_000 }))
  return { target, title: `${job?.name || 'Job'} ${input.job}`, pending: job?.children?.pending ?? 1 }
}

export const releaseParent = defineOperation({
  id: 'queue.release-parent',
  title: 'Let a job continue without a child',
  description:
    'A job that waits for a child no longer does, and runs if it waits for no other. The child, if it still exists, stays as it is, without a parent.',
  permission: 'queue:release',
  targetKind: 'queue',
  input: Input,
  // It cannot be undone, so it asks.
  risk: 'many',
  reason: 'optional',
  target: toTarget,
  about: ({ job }) => job,

  async preview({ environment }, input) {
    const { target, title, pending } = await waitingJob(environment, input)
    const others = pending - 1
    return {
      summary: `${title} no longer waits for ${input.child}${others > 0 ? `; it still waits for ${others.toLocaleString('en')} ${others === 1 ? 'other' : 'others'}` : ', and runs as soon as a worker takes it'}.`,
      action: 'Let it continue',
      affected: { count: 1, precision: 'exact', noun: 'job', sample: [title] },
      warnings: [...takenToBe(target), `It gets no result of ${input.child}.`],
      undoWords: 'There is no undo: a child that is replayed later does not get its parent back.',
    }
  },

  async run({ environment }, input) {
    const { server, address } = await targetOf(environment, input)
    const released = await acting(server, () => server.acts.releaseParent(address, input.job, input.child))
    if (!released) throw doesNotWait(input)
    return { status: 'succeeded', summary: `${input.job} of ${input.queue} no longer waits for ${input.child}.` }
  },

  async recover({ environment }, input) {
    const { server, address } = await targetOf(environment, input)
    return (await server.queues.waitsFor(address, input.job, input.child))
      ? { status: 'failed', summary: `${input.job} still waits for ${input.child}. Nothing was done.` }
      : { status: 'succeeded', summary: `${input.job} no longer waits for ${input.child}.` }
  },
})

function doesNotWait({ job, child }: z.infer<typeof Input>) {
  return new RefusalError({
    code: 'conflict',
    message: `${job} does not wait for ${child}.`,
    fields: { child: 'is not waited for' },
  })
}
