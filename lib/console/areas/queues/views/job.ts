import { z } from 'zod'
import { parseJson } from '../../../../core/json.ts'
import type { ChildJob, Content, JobDetail } from '../../../../infrastructure/queue/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { redacted, redactedLine, redactedText } from '../../../platform/redact.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact, text } from '../../../platform/view/text-filters.ts'
import { Queues } from '../resource.ts'
import { shown } from './queue.ts'

/** The most bytes of each text, and of each when all of it is requested. */
const SOME = 65_536
const WHOLE = 5_242_880

export interface JobData {
  /** `job` is absent when there is no such job: it may have been removed after it was completed. */
  job: Part<{ job?: JobView; server: boolean }>
  /** What looks secret is hidden, because the reader may not see job data. */
  hidesSecrets: boolean
}

/** Everything of one job. Texts are cut; `bytes` is their whole size. */
export interface JobView extends Omit<JobDetail, 'stacks'> {
  /** One for each attempt that left a stack, oldest first. Absent when they cannot be read: then `stacksRaw` has the raw text. */
  stacks?: string[]
  stacksRaw?: Content
}

/** One job with its payload, options, error and stacks, log and result. */
export const jobView = defineView({
  id: 'job',
  title: 'Job',
  permission: 'queue:read',
  topics: ['queues'],
  filters: z.object({
    server: text(60),
    /** `prefix:name` */
    queue: exact(600),
    id: exact(1_000),
    /** `yes`: texts up to 5 MiB instead of 64 KiB. */
    whole: z.enum(['no', 'yes']).default('no'),
  }),
  freshFor: 1_000,
  async read({ environment, permissions }, { server: serverName, queue, id, whole }): Promise<JobData> {
    const server = environment.of(Queues).server(serverName)
    const address = server?.addressOf(queue)
    const mayRead = permissions.includes('queue:payload')
    async function read() {
      const found =
        server && address && id
          ? await server.queues.job(address, id, { maxBytes: whole === 'yes' ? WHOLE : SOME })
          : undefined
      return { server: server !== undefined, ...(found ? { job: toView(found, mayRead) } : {}) }
    }
    return { job: await part(`Redis ${serverName}`, environment.outages, read()), hidesSecrets: !mayRead }
  },
})

function toView({ stacks, ...detail }: JobDetail, mayRead: boolean): JobView {
  const content = (one: Content) => (mayRead ? one : redacted(one))
  const line = (one: Content) => (mayRead ? one : redactedLine(one))
  const child = ({ error, ...rest }: ChildJob): ChildJob => ({ ...rest, ...(error ? { error: line(error) } : {}) })
  const parsed = parseJson(stacks.text)
  const list = Array.isArray(parsed) && !stacks.cut ? parsed.filter(stack => typeof stack === 'string') : undefined
  const { data, progress, error, ...rest } = detail
  const masked = shown({ ...rest, data, progress, error, state: detail.state ?? 'waiting' }, mayRead)
  return {
    ...masked,
    state: detail.state,
    options: content(detail.options),
    ...(detail.children ? { children: { ...detail.children, jobs: detail.children.jobs.map(child) } } : {}),
    ...(detail.result ? { result: content(detail.result) } : {}),
    logs: { total: detail.logs.total, lines: detail.logs.lines.map(line) },
    ...(list || stacks.bytes === 0
      ? { stacks: (list ?? []).map(stack => (mayRead ? stack : redactedText(stack))) }
      : { stacksRaw: line(stacks) }),
  }
}
