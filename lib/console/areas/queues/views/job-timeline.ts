import { z } from 'zod'
import { parseJson } from '../../../../core/json.ts'
import type { JobDetail } from '../../../../infrastructure/queue/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { redactedText } from '../../../platform/redact.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, text } from '../../../platform/view/text-filters.ts'
import { type JobLife, type TimelineStep, timelineOf } from '../job-timeline.ts'
import { Queues } from '../resource.ts'

const STACKS_MOST = 262_144
const ERROR_MOST = 300

export interface JobTimelineData {
  /** `undefined`: there is no such job. */
  timeline: Part<JobTimeline | undefined>
}

export interface JobTimeline {
  steps: TimelineStep[]
  /** Attempts that are not listed. */
  unseen: number
  /** How many events of the queue were read, and since when they go back (ms). */
  events: number
  since?: number
}

/** The attempts of one job over time. */
export const jobTimelineView = defineView({
  id: 'job-timeline',
  title: 'Timeline of a job',
  permission: 'queue:read',
  // Thousands of events are read for it: again only after an act.
  topics: ['audit'],
  filters: z.object({
    server: text(60),
    /** `prefix:name` */
    queue: exact(600),
    id: exact(1_000),
  }),
  freshFor: 5_000,
  async read({ environment, permissions }, { server: serverName, queue, id }): Promise<JobTimelineData> {
    const server = environment.of(Queues).server(serverName)
    const address = server?.addressOf(queue)
    const shown = permissions.includes('queue:payload') ? (error: string) => error : redactedText
    async function read(): Promise<JobTimeline | undefined> {
      if (!server || !address || !id) return
      const [job, { events, read, since }] = await Promise.all([
        server.queues.job(address, id, { maxBytes: STACKS_MOST }),
        server.queues.eventsOf(address, id),
      ])
      if (!job) return
      const { steps, unseen } = timelineOf(lifeOf(job), events)
      return {
        steps: steps.map(({ error, ...step }) =>
          error === undefined ? step : { ...step, error: shown(firstLine(error)) },
        ),
        unseen,
        events: read,
        ...(since === undefined ? {} : { since }),
      }
    }
    return { timeline: await part(`Redis ${serverName}`, environment.outages, read()) }
  },
})

function lifeOf({ addedAt, processedAt, finishedAt, state, attemptsBegun, error, stacks }: JobDetail): JobLife {
  const list = stacks.cut ? undefined : parseJson(stacks.text)
  return {
    addedAt,
    processedAt,
    finishedAt,
    state,
    begun: attemptsBegun ?? 0,
    error: error?.text,
    errors: Array.isArray(list) ? list.filter(stack => typeof stack === 'string') : [],
  } as JobLife
}

/** The message of a stack, without the name of its class. */
const firstLine = (error: string) => (error.split('\n')[0] ?? '').replace(/^Error: /, '').slice(0, ERROR_MOST)
