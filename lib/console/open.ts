import type { Logger } from '../infrastructure/logging/index.ts'
import { areas as everyArea } from './areas/index.ts'
import { Events } from './fleet/resources.ts'
import type { Access, Actor } from './platform/access/roles.ts'
import type { Area } from './platform/area/define.ts'
import { type Registry, registryOf } from './platform/area/registry.ts'
import { collectAttention, type LastReports } from './platform/attention/collect.ts'
import { readMarks } from './platform/attention/marks.ts'
import { type RecordRefusal, refusalRecorder } from './platform/audit/record-refusal.ts'
import { openEnvironment } from './platform/environment/open.ts'
import type { ConsoleEnvironment } from './platform/environment/port.ts'
import { unknownEnvironment } from './platform/environment/unknown.ts'
import { pgBossJobs } from './platform/jobs/adapters/pg-boss.ts'
import type { Jobs } from './platform/jobs/port.ts'
import { type LiveHub, liveHub } from './platform/live/hub.ts'
import type { AnyOperation } from './platform/operation/define.ts'
import { createRunner } from './platform/operation/runner/create.ts'
import type { Runner, RunnerParts } from './platform/operation/runner/port.ts'
import { outageLogger } from './platform/part/log-outage.ts'
import { outages } from './platform/part/outages.ts'
import type { SampleSource } from './platform/samples.ts'
import type { Settings } from './platform/settings/port.ts'
import { openStore } from './platform/store/adapters/postgres.ts'
import type { Store } from './platform/store/port.ts'
import type { AnyView, DataOf, ReadContext } from './platform/view/define.ts'
import { type Reading, viewReader } from './platform/view/read.ts'
import { Series } from './series/resource.ts'

const REAP_EVERY = 3_000
const PRUNE_EVERY = 3_600_000

export interface Console {
  readonly settings: Settings
  readonly store: Store
  readonly jobs: Jobs
  readonly hub: LiveHub
  readonly runner: Runner
  readonly logger: Logger
  readonly areas: readonly Area[]
  readonly views: readonly AnyView[]
  readonly operations: readonly AnyOperation[]
  readonly access: Access
  /** The permission needed to hear of each topic. */
  readonly topics: Registry['topics']
  environment(name: string): ConsoleEnvironment | undefined
  /** Of an audited reading that is no view: a file. */
  readonly recordRefusal: RecordRefusal
  /** Refuses with RefusalError: unknown environment, missing permission. */
  view<V extends AnyView>(
    view: V,
    environment: string,
    actor: Actor,
    raw: Readonly<Record<string, unknown>>,
  ): Promise<Reading<DataOf<V>>>
  close(): Promise<void>
}

export interface OpenOptions {
  settings: Settings
  logger: Logger
  areas?: readonly Area[]
  /** Beside those of the areas. */
  operations?: readonly AnyOperation[]
  onStep?: RunnerParts['onStep']
  migrations?: string
  /** What else is sampled in an environment. */
  sources?: (environment: string) => readonly SampleSource[]
}

/** The console, composed. Opens without waiting for any server and connects in the background: pages report what is down. */
export async function openConsole({
  settings,
  logger,
  areas = everyArea,
  operations: more,
  onStep,
  migrations,
  sources,
}: OpenOptions): Promise<Console> {
  const { views, operations, access, topics, topicsOf, topicsFor } = registryOf(areas, more)
  const hub = liveHub()
  const logOutage = outageLogger(logger)
  const store = await openStore(settings.databaseUrl, {
    folder: migrations,
    onReady: () => void listen(),
    onDown: error => logOutage("The console's own Postgres", error),
  })
  const known = outages(Date.now, logOutage)
  const environments = new Map(
    settings.environments.map(environment => [
      environment.name,
      openEnvironment(
        environment,
        { store, hub, console: settings, logger },
        areas.flatMap(area => area.resources ?? []),
      ),
    ]),
  )
  const recordRefusal = refusalRecorder({ store, logger }, id => views.some(view => view.id === id))
  const reader = viewReader(hub, access, topicsFor, recordRefusal)

  const jobs = pgBossJobs({ databaseUrl: settings.databaseUrl, logger, work: runId => runner.execute(runId) })
  const runner = createRunner({
    store,
    settings,
    operations,
    access,
    topicsOf,
    logger,
    onStep,
    environment: name => environments.get(name),
    attention: environment => contextOf(environment).attention({ fresh: true }),
    enqueue: (runId, tx) => jobs.enqueue(runId, tx),
  })

  async function listen() {
    await store
      .listen((environment, changed) =>
        hub.announce(
          environment,
          changed.filter(topic => topic in topics),
        ),
      )
      .catch(error => logger.warn('changes made by other consoles are not received', { error }))
  }

  let reaping = false
  const reaper = setInterval(async () => {
    if (reaping || store.state !== 'ready') return
    reaping = true
    // A failed pass is tried again in three seconds; pages report that Postgres is down.
    await runner.reap().catch(error => logger.debug('unfinished runs could not be checked', { error }))
    reaping = false
  }, REAP_EVERY).unref()
  const pruner = setInterval(() => {
    for (const environment of environments.values())
      environment
        .of(Events)
        .prune()
        .catch(error => logger.debug('old events could not be pruned', { error }))
  }, PRUNE_EVERY).unref()

  for (const environment of environments.values()) {
    environment.start()
    environment
      .of(Series)
      .sample([...areas.flatMap(area => area.samples?.(environment) ?? []), ...(sources?.(environment.name) ?? [])])
  }

  const reported = new Map<string, LastReports>()
  function lastReports(environment: string): LastReports {
    const known = reported.get(environment) ?? new Map()
    reported.set(environment, known)
    return known
  }

  /** What a view reads with, over all areas. */
  function contextOf(environment: ConsoleEnvironment) {
    const auditedViews = views.filter(({ audited }) => audited)
    const context: ReadContext = { environment, store, jobs, hub, settings, operations, auditedViews, outages: known }
    return {
      ...context,
      attention: (options: { fresh: boolean }) =>
        collectAttention(
          areas.flatMap(({ id, title, attention }) =>
            attention ? [{ id, title, judge: () => attention(context, options) }] : [],
          ),
          options,
          lastReports(environment.name),
          readMarks(store.db, environment.name),
        ),
      names: async (query: string) => {
        const found = await Promise.allSettled(areas.map(area => area.names?.(context, query)))
        return found.flatMap(result => (result.status === 'fulfilled' ? (result.value ?? []) : []))
      },
      underWay: async () => {
        const counting = areas.flatMap(({ id, underWay }) => (underWay ? [{ id, underWay }] : []))
        const counts = await Promise.all(counting.map(({ underWay }) => underWay(context).catch(() => null)))
        return Object.fromEntries(counting.map(({ id }, index) => [id, counts[index] ?? null]))
      },
    }
  }

  return {
    settings,
    store,
    jobs,
    hub,
    runner,
    logger,
    areas,
    views,
    operations,
    access,
    topics,
    environment: name => environments.get(name),
    recordRefusal,
    async view(view, name, actor, raw) {
      const environment = environments.get(name)
      if (!environment) throw unknownEnvironment(settings)
      return reader.read(view, contextOf(environment), actor, raw)
    },
    async close() {
      clearInterval(reaper)
      clearInterval(pruner)
      await runner.close()
      await jobs.close()
      await Promise.all([...environments.values()].map(environment => environment.close()))
      await store.close()
    },
  }
}
