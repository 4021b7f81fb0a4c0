import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFigures } from '../acts/affected-series.ts'
import { byQueue, familyOf } from '../acts/family.ts'
import { acting, JobId, queueFields, sampleLine, targetOf, toTarget } from '../acts/target.ts'

const Input = z.strictObject({ ...queueFields, job: JobId, reason: Reason })

export const removeFamily = defineOperation({
  id: 'queue.remove-family',
  title: 'Remove a flow',
  description:
    'Removes a job for good with all jobs that wait for it and all that these wait for or have waited for, in whatever queues of its Redis they are. It cannot be undone.',
  permission: 'queue:remove',
  targetKind: 'queue',
  input: Input,
  risk: 'many',
  reason: 'required',
  target: toTarget,
  about: ({ job }) => job,
  affects: queueFigures,

  async preview({ environment }, input) {
    const target = await targetOf(environment, input, { anyMajor: true })
    const { jobs } = await familyOf(target, input.job)
    const count = jobs.length
    const busy = jobs.filter(({ locked }) => locked)
    if (busy.length > 0) throw beingWorkedOn(busy.map(({ id }) => id))
    const top = jobs.at(-1)
    return {
      summary: `${counted(count, 'job')} will be removed for good, with data and logs: ${byQueue(jobs)}. ${top?.name || 'Job'} ${top?.id} is the one that nobody waits for.`,
      action: `Remove ${counted(count, 'job')}`,
      affected: {
        count,
        precision: 'exact',
        noun: count === 1 ? 'job' : 'jobs',
        sample: jobs
          .slice(-10)
          .reverse()
          .map(({ id, name, state }) => sampleLine({ id, name, error: state ?? 'in no list' })),
      },
      warnings: ['Removed jobs cannot be restored.'],
    }
  },

  async run({ environment }, input, control) {
    const target = await targetOf(environment, input, { anyMajor: true })
    const { jobs } = await familyOf(target, input.job)
    const busy = jobs.filter(({ locked }) => locked)
    if (busy.length > 0) throw beingWorkedOn(busy.map(({ id }) => id))
    const { server, address } = target
    const { removed, refused } = await acting(server, () => server.acts.removeFamily(address, control.runId, jobs))
    for (const { id, reason } of refused) await control.item(id.slice(0, 300), 'refused', reason)
    return {
      status: refused.length > 0 ? (removed > 0 ? 'partial' : 'failed') : 'succeeded',
      summary: `Removed ${counted(removed, 'job')} of the flow of ${input.job}${refused.length > 0 ? `; ${refused[0]?.id} stays, and those that wait for it: ${refused[0]?.reason}` : ''}.`,
    }
  },

  async recover({ environment }, input) {
    const { server, address } = await targetOf(environment, input, { anyMajor: true })
    const left = await server.queues.family(address, input.job)
    return left
      ? {
          status: 'partial',
          summary: `Interrupted: ${counted(left.jobs.length, 'job')} of the flow ${left.jobs.length === 1 ? 'is' : 'are'} left. Do it again for the rest.`,
        }
      : { status: 'succeeded', summary: `Removed the flow of ${input.job}.` }
  },
})

function beingWorkedOn(ids: readonly string[]) {
  return new RefusalError({
    code: 'conflict',
    message: `${counted(ids.length, 'job of the flow is', 'jobs of the flow are')} being worked on: ${ids.slice(0, 5).join(', ')}. Nothing was removed.`,
    nextStep: 'Wait until they have ended, or pause their queue first.',
  })
}
