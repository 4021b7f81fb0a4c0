import { z } from 'zod'
import type {
  JobPage,
  JobState,
  JobSummary,
  QueueLimits,
  SchedulerReading,
  WorkerClient,
} from '../../../../infrastructure/queue/index.ts'
import { itemsOf } from '../../../fleet/details.ts'
import { isLiving } from '../../../fleet/living.ts'
import type { FleetProcess } from '../../../fleet/port.ts'
import { Fleet } from '../../../fleet/resources.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { redacted, redactedLine, redactedText } from '../../../platform/redact.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, text } from '../../../platform/view/text-filters.ts'
import { filterOf, jobFilterParams } from '../job-filter.ts'
import { type JobTypeRow, jobTypeRows, typesIn } from '../job-types.ts'
import { type PauseNote, QueuePauses } from '../pauses.ts'
import { evicts, type Known } from '../port.ts'
import { type QueueRow, toQueueRow } from '../queue-row.ts'
import { Queues } from '../resource.ts'
import { WorkerItem } from '../worker-item.ts'

export const JOBS_A_PAGE = 50
/** How many jobs a filter examines by default, and at most. */
const LOOKED_AT = 2_000
const LOOKED_AT_MOST = 500_000
const STATES = [
  'waiting',
  'active',
  'delayed',
  'prioritized',
  'waiting-children',
  'completed',
  'failed',
] as const satisfies JobState[]

export interface QueueData {
  /** `row` is absent when that server has no such queue; `server` is false when there is no such server. */
  queue: Part<{
    row?: QueueRow
    server: boolean
    workers: Known<WorkerClient[]>
    schedulers: SchedulerReading[]
    limits: QueueLimits
    /** Of a paused queue: who paused it from this console; absent: a program did. */
    pause?: PauseNote
    evictionPolicy?: string
    evicts: boolean
  }>
  jobs: Part<JobsPage>
  /** Workers that registered with the fleet for this queue: they report more than their connections show. */
  registeredWorkers: Part<RegisteredWorker[]>
  /** What those workers call their jobs, where they declare it. */
  jobTypes: JobTypeRow[]
}

export interface JobsPage extends Omit<JobPage, 'jobs'> {
  state: JobState
  /** From 0. */
  page: number
  pageSize: number
  /** The most jobs that a filter examines; an act examines all. */
  mayLookAt: number
  jobs: JobRow[]
}

/** As the library read it; what looks secret is hidden from those who may not see job data. */
export type JobRow = JobSummary

export interface RegisteredWorker {
  process: string
  instance: string
  service: string
  alive: boolean
  name: string
  concurrency: number
  active: number
  completed: number
  failed: number
  deadLettered: number
  paused: boolean
  dependsOn?: string[]
  heldBy?: { breaker: string; since: number; probing: boolean }
  ignoring?: { by: string; reason: string; until?: number }
  owner?: string
  runbook?: string
}

/** One queue: its figures, its workers, its schedulers, and its jobs in one state. */
export const queueView = defineView({
  id: 'queue',
  title: 'Queue',
  permission: 'queue:read',
  topics: ['queues', 'fleet'],
  filters: z.object({
    server: text(60),
    /** `prefix:name` */
    queue: exact(600),
    state: z.enum(STATES).default('failed'),
    /** The same filter as that of the acts: they take what is on the screen. */
    ...jobFilterParams,
    /** How many jobs a filter examines, from the first. */
    look: z.coerce.number().int().min(LOOKED_AT).max(LOOKED_AT_MOST).default(LOOKED_AT),
    page: z.coerce.number().int().min(0).max(100_000).default(0),
  }),
  freshFor: 1_000,
  async read(
    { environment, permissions },
    { server: serverName, queue: key, state, page, look, ...filter },
  ): Promise<QueueData> {
    const server = environment.of(Queues).server(serverName)
    const source = `Redis ${serverName}`
    const address = server?.addressOf(key)
    const mayRead = permissions.includes('queue:payload')
    async function readQueue() {
      const none = { server: server !== undefined, workers: unknownWorkers, schedulers: [], limits: {}, evicts: false }
      if (!server || !address) return none
      const [found, overall] = await Promise.all([server.find(key), server.read()])
      if (!found) return none
      const policy = overall.status === 'down' ? undefined : overall.data.evictionPolicy
      return {
        ...none,
        row: toQueueRow(found, server.name, false),
        workers: found.workers,
        schedulers: found.schedulers ? await server.queues.schedulers(address) : [],
        limits: await server.queues.limits(address),
        ...(found.paused ? optionalPause((await environment.of(QueuePauses).read())(serverName, key)) : {}),
        evictionPolicy: policy,
        evicts: evicts(policy),
      }
    }
    async function readJobs(): Promise<JobsPage> {
      const nothing = { jobs: [], total: 0, examined: 0, inState: 0, complete: true }
      const found =
        server && address
          ? await server.queues.jobs(address, {
              state,
              offset: page * JOBS_A_PAGE,
              limit: JOBS_A_PAGE,
              filter: filterOf(filter),
              examine: look,
              ...(mayRead ? {} : { seen: redactedText }),
            })
          : nothing
      return {
        ...found,
        jobs: found.jobs.map(job => shown(job, mayRead)),
        state,
        page,
        pageSize: JOBS_A_PAGE,
        mayLookAt: LOOKED_AT_MOST,
      }
    }
    const [queue, jobs, fleet] = await Promise.all([
      part(source, environment.outages, readQueue()),
      part(source, environment.outages, readJobs()),
      environment.of(Fleet).read(['workers']),
    ])
    return {
      queue,
      jobs,
      jobTypes: fleet.status === 'down' ? [] : jobTypeRows(typesIn(fleet.data, key)),
      registeredWorkers:
        fleet.status === 'down'
          ? fleet
          : {
              ...fleet,
              data: fleet.data.processes.filter(mayWork).flatMap(process =>
                (itemsOf(process, 'workers', WorkerItem)?.items ?? [])
                  .filter(item => `${item.prefix}:${item.queue}` === key)
                  .map(
                    ({
                      queue: _queue,
                      prefix: _prefix,
                      lastError: _lastError,
                      types: _types,
                      paused = false,
                      ...item
                    }): RegisteredWorker => ({
                      process: process.id,
                      instance: process.instance,
                      service: process.service,
                      alive: isLiving(process),
                      paused,
                      ...item,
                    }),
                  ),
              ),
            },
    }
  },
})

/** A stopped or replaced process no longer works; a silent one may. */
const mayWork = ({ state }: FleetProcess) => state !== 'left' && state !== 'replaced'

const optionalPause = (pause: PauseNote | undefined) => (pause ? { pause } : {})

const unknownWorkers: Known<WorkerClient[]> = { known: false, reason: 'There is no such queue.' }

/** A line of a job, redacted for this reader. */
export function shown<J extends JobSummary>(job: J, mayRead: boolean): J {
  if (mayRead) return job
  return {
    ...job,
    data: redacted(job.data),
    ...(job.progress ? { progress: redacted(job.progress) } : {}),
    ...(job.error ? { error: redactedLine(job.error) } : {}),
  }
}
