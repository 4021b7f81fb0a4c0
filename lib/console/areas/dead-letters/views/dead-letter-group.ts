import { z } from 'zod'
import type { JobDetail } from '../../../../infrastructure/queue/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { redactedText } from '../../../platform/redact.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { Queues, shown } from '../../queues/index.ts'
import type { FailureGroup } from '../groups.ts'
import { lastStack } from '../last-stack.ts'
import { DeadLetters } from '../resource.ts'
import { type GroupRow, readGroups, toGroupRow } from './dead-letters.ts'

/** Jobs that are listed of a group. */
const LISTED = 50
const SAMPLE_BYTES = 16_384

export interface DeadLetterGroupData {
  /** Absent when no dead letter of this kind is known now. */
  group?: GroupRow
  /** The newest of them as it is in Redis; absent when it is gone. */
  sample?: Part<SampleJob | undefined>
  jobs: GroupJob[]
  /** What looks secret is hidden, because the reader may not see job data. */
  hidesSecrets: boolean
}

export interface SampleJob extends Pick<JobDetail, 'id' | 'name' | 'data' | 'error' | 'attemptsMade' | 'attempts'> {
  server: string
  queue: string
  stack?: string
}

export interface GroupJob {
  server: string
  queue: string
  id: string
  failedAt: number
}

/** The dead letters of one kind, with a sample. */
export const deadLetterGroupView = defineView({
  id: 'dead-letter-group',
  title: 'Dead letters of one kind',
  permission: 'queue:read',
  topics: ['dead-letters'],
  filters: z.object({ fingerprint: text(40) }),
  freshFor: 1_000,
  async read({ environment, permissions }, { fingerprint }): Promise<DeadLetterGroupData> {
    const mayRead = permissions.includes('queue:payload')
    const { groups } = await readGroups(environment)
    const group = groups.find(candidate => candidate.fingerprint === fingerprint)
    if (!group) return { jobs: [], hidesSecrets: !mayRead }
    const { server } = group.newest
    return {
      group: toGroupRow(group, Date.now(), mayRead),
      sample: await part(`Redis ${server}`, environment.outages, readSample(environment, group, mayRead)),
      jobs: jobsOf(environment, group),
      hidesSecrets: !mayRead,
    }
  },
})

async function readSample(
  environment: ConsoleEnvironment,
  { newest: { server: name, queue, id } }: FailureGroup,
  mayRead: boolean,
): Promise<SampleJob | undefined> {
  const server = environment.of(Queues).server(name)
  const address = server?.addressOf(queue)
  const job = server && address && (await server.queues.job(address, id, { maxBytes: SAMPLE_BYTES }))
  if (!job) return undefined
  const { data, error, attemptsMade, attempts } = shown({ ...job, state: 'failed' as const }, mayRead)
  const stack = lastStack(job.stacks.text)
  return {
    id,
    name: job.name,
    server: name,
    queue,
    data,
    attemptsMade,
    attempts,
    ...(error ? { error } : {}),
    ...(stack ? { stack: mayRead ? stack : redactedText(stack) } : {}),
  }
}

function jobsOf(environment: ConsoleEnvironment, { places, fingerprint }: FailureGroup): GroupJob[] {
  const indexes = environment.of(DeadLetters)
  return places
    .flatMap(({ server, queue }) =>
      (indexes.server(server)?.placesOf(queue, fingerprint, LISTED) ?? []).map(place => ({ server, queue, ...place })),
    )
    .sort((a, b) => b.failedAt - a.failedAt)
    .slice(0, LISTED)
}
