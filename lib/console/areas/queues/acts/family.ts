import type { Family, FamilyMember } from '../../../../infrastructure/queue/index.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueTitle } from '../title.ts'
import { type QueueTarget, reading } from './target.ts'

/** The flow of a job. Refuses when there is no such job, and when it is larger than what is looked through. */
export async function familyOf({ server, address }: QueueTarget, id: string): Promise<Family> {
  const family = await reading(server, () => server.queues.family(address, id))
  if (!family)
    throw new RefusalError({ code: 'not_found', message: `There is no job ${id}.`, fields: { job: 'does not exist' } })
  if (family.cut)
    throw new RefusalError({
      code: 'conflict',
      message: `The flow of that job has more than ${family.jobs.length.toLocaleString('en')} jobs, which are not removed in one act.`,
      nextStep: 'Remove jobs of it by their queue, or with the program that added them.',
    })
  return family
}

/** `3 in flow.children, 1 in flow.parents` */
export function byQueue(jobs: readonly FamilyMember[]): string {
  return [...Map.groupBy(jobs, ({ queue }) => queue)]
    .map(([queue, members]) => `${members.length.toLocaleString('en')} in ${queueTitle(queue)}`)
    .join(', ')
}
