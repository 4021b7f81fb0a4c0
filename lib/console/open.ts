import type { Logger } from '../infrastructure/logging/index.ts'
import { operations as everyOperation } from './areas/operations.ts'
import { openEnvironment } from './open-environment.ts'
import type { Actor } from './platform/access/roles.ts'
import type { ConsoleEnvironment } from './platform/environment/port.ts'
import { unknownEnvironment } from './platform/environment/unknown.ts'
import { pgBossJobs } from './platform/jobs/adapters/pg-boss.ts'
import type { Jobs } from './platform/jobs/port.ts'
import { type LiveHub, liveHub, TOPICS, type Topic } from './platform/live/hub.ts'
import type { AnyOperation } from './platform/operation/define.ts'
import { createRunner } from './platform/operation/runner/create.ts'
import type { Runner, RunnerParts } from './platform/operation/runner/port.ts'
import { outages } from './platform/part/outages.ts'
import type { Settings } from './platform/settings/port.ts'
import { openStore } from './platform/store/adapters/postgres.ts'
import type { Store } from './platform/store/port.ts'
import type { AnyView, DataOf } from './platform/view/define.ts'
import { type Reading, viewReader } from './platform/view/read.ts'
import type { SampleSource } from './series/port.ts'

const REAP_EVERY = 3_000
const PRUNE_EVERY = 3_600_000

export interface Console {
  readonly settings: Settings
  readonly store: Store
  readonly jobs: Jobs
  readonly hub: LiveHub
  readonly runner: Runner
  readonly logger: Logger
  readonly operations: readonly AnyOperation[]
  environment(name: string): ConsoleEnvironment | undefined
  /** Refuses with RefusalError: unknown environment, missing permission. */
  view<V extends AnyView>(
    view: V,
    environment: string,
    actor: Actor,
    raw: Record<string, string | string[] | undefined>,
  ): Promise<Reading<DataOf<V>>>
  close(): Promise<void>
}

export interface OpenOptions {
  settings: Settings
  logger: Logger
  operations?: readonly AnyOperation[]
  onStep?: RunnerParts['onStep']
  migrations?: string
  /** What else is sampled in an environment. */
  sources?: (environment: string) => readonly SampleSource[]
}

/** The console, composed. Opens without waiting for any server and connects in the background: what is down is said on its pages. */
export async function openConsole({
  settings,
  logger,
  operations = everyOperation,
  onStep,
  migrations,
  sources,
}: OpenOptions): Promise<Console> {
  const hub = liveHub()
  const known = outages()
  const store = await openStore(settings.databaseUrl, { folder: migrations, onReady: () => void listen() })
  const environments = new Map(
    settings.environments.map(environment => [
      environment.name,
      openEnvironment(environment, { store, hub, settings, logger, sources: sources?.(environment.name) }),
    ]),
  )
  const reader = viewReader(hub)

  const jobs = pgBossJobs({ databaseUrl: settings.databaseUrl, logger, work: runId => runner.execute(runId) })
  const runner = createRunner({
    store,
    settings,
    operations,
    logger,
    onStep,
    environment: name => environments.get(name),
    enqueue: (runId, tx) => jobs.enqueue(runId, tx),
  })

  async function listen() {
    await store
      .listen((environment, topics) =>
        hub.announce(
          environment,
          topics.filter((topic): topic is Topic => (TOPICS as readonly string[]).includes(topic)),
        ),
      )
      .catch(error => logger.warn('changes made by other consoles are not heard', { error }))
  }

  let reaping = false
  const reaper = setInterval(async () => {
    if (reaping || store.state !== 'ready') return
    reaping = true
    // A reaping that fails is tried again in three seconds; Postgres being down is said on the pages.
    await runner.reap().catch(error => logger.debug('runs could not be looked through', { error }))
    reaping = false
  }, REAP_EVERY).unref()
  const pruner = setInterval(() => {
    for (const { events } of environments.values())
      events.prune().catch(error => logger.debug('old events could not be pruned', { error }))
  }, PRUNE_EVERY).unref()

  for (const environment of environments.values()) environment.start()

  return {
    settings,
    store,
    jobs,
    hub,
    runner,
    logger,
    operations,
    environment: name => environments.get(name),
    async view(view, name, actor, raw) {
      const environment = environments.get(name)
      if (!environment) throw unknownEnvironment(settings)
      return reader.read(view, { environment, store, jobs, hub, settings, operations, outages: known }, actor, raw)
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
