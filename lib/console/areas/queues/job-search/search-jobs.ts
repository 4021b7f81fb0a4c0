import type { JobCondition, JobState } from '../../../../infrastructure/queue/index.ts'
import type { Permission } from '../../../platform/access/roles.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { nextStepOf, reasonOf } from '../../../platform/part/reason.ts'
import { redacted, redactedText } from '../../../platform/redact.ts'
import type { WatchedServer } from '../port.ts'
import { Queues } from '../resource.ts'
import { queueTitle } from '../title.ts'
import { shown } from '../views/queue.ts'
import type { QueryCondition } from './condition.ts'
import type { FoundJob, SearchEnd, SearchEvent } from './events.ts'
import { within } from './scope.ts'

/** The most jobs that one search lists, and how long it may take (ms). */
const MOST_FOUND = 500
const LONGEST = 300_000
/** How often progress is reported (ms). */
const REPORTED_EVERY = 200
/** The largest job searched, and where each is first redacted for its reader (bytes). */
const LARGEST = 5_242_880
const LARGEST_REDACTED = 262_144
/** Dead letters first: they are what is looked for most; completed jobs are the most. */
const STATES: readonly JobState[] = [
  'failed',
  'active',
  'waiting',
  'prioritized',
  'delayed',
  'waiting-children',
  'completed',
]

interface JobSet {
  key: string
  state: JobState
  condition: JobCondition
  size: number
}

interface SearchOptions {
  condition: QueryCondition
  permissions: readonly Permission[]
  signal: AbortSignal
  emit(event: SearchEvent): void
}

/** Searches the jobs of all queues of all servers, each server on its own; what is found is emitted at once. Rejects when aborted. */
export async function searchJobs(environment: ConsoleEnvironment, options: SearchOptions): Promise<void> {
  const { condition, permissions, emit } = options
  const mayRead = permissions.includes('queue:payload')
  const until = performance.now() + LONGEST
  const seen = mayRead
    ? {}
    : { seen: { text: redactedText, json: (text: string) => redacted({ bytes: text.length, text }).text } }
  const end: SearchEnd = { kind: 'end', examined: 0, total: 0, tooLarge: 0, because: 'all' }
  const found = new Set<string>()
  let reportedAt = 0

  function report() {
    const now = performance.now()
    if (now - reportedAt < REPORTED_EVERY) return
    reportedAt = now
    emit({ kind: 'progress', examined: end.examined, total: Math.max(end.total, end.examined) })
  }

  function isOver(): boolean {
    options.signal.throwIfAborted()
    if (found.size >= MOST_FOUND) end.because = 'enough'
    else if (performance.now() > until) end.because = 'time'
    return end.because !== 'all'
  }

  function take(server: WatchedServer, key: string, jobs: readonly FoundJob[]) {
    const fresh = jobs.filter(({ id }) => !found.has(`${server.name}\n${key}\n${id}`)).slice(0, MOST_FOUND - found.size)
    for (const { id } of fresh) found.add(`${server.name}\n${key}\n${id}`)
    if (fresh.length > 0) emit({ kind: 'found', jobs: fresh })
  }

  async function searchSet(server: WatchedServer, { key, state, condition: wanted }: JobSet) {
    const address = server.addressOf(key)
    let from: string | undefined
    while (address && !isOver()) {
      const step = await server.queues.searchNext(address, {
        state,
        condition: wanted,
        largest: mayRead ? LARGEST : LARGEST_REDACTED,
        ...seen,
        ...(from === undefined ? {} : { from }),
      })
      end.examined += step.examined
      end.tooLarge += step.tooLarge
      take(
        server,
        key,
        step.jobs.map(job => ({ ...shown(job, mayRead), server: server.name, queue: key })),
      )
      report()
      from = step.next
      if (from === undefined) return
    }
  }

  async function searchServer(server: WatchedServer, sets: readonly JobSet[]) {
    try {
      for (const set of sets) await searchSet(server, set)
    } catch (error) {
      options.signal.throwIfAborted()
      const source = `Redis ${server.name}`
      emit({
        kind: 'unsearched',
        server: server.name,
        reason: reasonOf(source, error),
        nextStep: nextStepOf(source, error),
      })
    }
  }

  const plans = await Promise.all(
    environment.of(Queues).servers.map(async server => ({ server, sets: await setsOf(server, condition, emit) })),
  )
  end.total = plans.flatMap(({ sets }) => sets).reduce((sum, { size }) => sum + size, 0)
  await Promise.all(plans.map(({ server, sets }) => searchServer(server, sets)))
  options.signal.throwIfAborted()
  emit({ ...end, total: Math.max(end.total, end.examined) })
}

/** The sets of jobs of a server in which some may match. */
async function setsOf(
  server: WatchedServer,
  condition: QueryCondition,
  emit: SearchOptions['emit'],
): Promise<JobSet[]> {
  // A search is about the jobs of now, and a queue may just have been found.
  const part = await server.read({ maxAge: 0 })
  if (part.status !== 'up') {
    // A server that the query excludes by its name is not missed.
    const some = STATES.some(state => within(condition, { server: server.name, queue: '', title: '', state }) !== false)
    if (some) emit({ kind: 'unsearched', server: server.name, reason: part.reason, ...optional(part.nextStep) })
    return []
  }
  if (part.data.search.completedAt === undefined)
    emit({
      kind: 'unsearched',
      server: server.name,
      reason: `Redis ${server.name} is still being searched for queues; those found so far are included`,
      nextStep: 'Search again in a moment.',
    })
  return STATES.flatMap(state =>
    part.data.queues.flatMap(({ key, counts }): JobSet[] => {
      const size = counts[state] ?? 0
      if (size === 0) return []
      const left = within(condition, { server: server.name, queue: key, title: queueTitle(key), state })
      return left === false ? [] : [{ key, state, size, condition: left === true ? { all: [] } : left }]
    }),
  )
}

const optional = (nextStep: string | undefined) => (nextStep === undefined ? {} : { nextStep })
