import type { Logger } from '../infrastructure/logging/index.ts'
import { hitRatioSource } from './areas/caches/hit-ratios.ts'
import { cacheStores } from './areas/caches/stores.ts'
import { healthSource } from './areas/health/samples.ts'
import { targetSource } from './areas/health/target-samples.ts'
import { watchMigrations } from './areas/migrations/watch.ts'
import { bullBoard } from './areas/queues/adapters/bull-board.ts'
import { queueRegistry } from './areas/queues/registry.ts'
import { redisReader } from './areas/redis/reader.ts'
import { redisSource } from './areas/redis/samples.ts'
import { fleetCollector } from './fleet/collector.ts'
import { commander } from './fleet/commander.ts'
import { eventReader } from './fleet/event-reader.ts'
import { eventStore } from './fleet/event-store.ts'
import type { StoredEvent } from './fleet/port.ts'
import type { ConsoleEnvironment } from './platform/environment/port.ts'
import type { LiveHub, Topic } from './platform/live/hub.ts'
import { outages } from './platform/part/outages.ts'
import type { ResolvedEnvironment, Settings } from './platform/settings/port.ts'
import { advisoryLead } from './platform/store/adapters/lead.ts'
import type { Store } from './platform/store/port.ts'
import type { SampleSource } from './series/port.ts'
import { seriesReader } from './series/read.ts'
import { sampler } from './series/sampler.ts'
import { targetProbe } from './servers/probe/create.ts'
import { redisServers } from './servers/redis/servers.ts'
import { openViewRedis } from './servers/view-redis.ts'

export interface OpenEnvironment extends ConsoleEnvironment {
  start(): void
  close(): Promise<void>
}

interface Surroundings {
  store: Store
  hub: LiveHub
  settings: Settings
  logger: Logger
  /** Sampled beside the fleet's own figures. */
  sources?: readonly SampleSource[]
}

/** Everything one environment needs: three connections to its Redis, so that a blocking read or a slow act delays no view. */
export function openEnvironment(
  environment: ResolvedEnvironment,
  { store, hub, settings, logger, sources = [] }: Surroundings,
): OpenEnvironment {
  const { name, fleetRedisUrl } = environment
  const known = outages()
  const fleet = fleetCollector({ environment: name, redis: openViewRedis(fleetRedisUrl, `${name}:views`), hub })
  const actsRedis = openViewRedis(fleetRedisUrl, `${name}:acts`, 3_000)
  const events = eventStore(store, name)
  const targets = targetProbe(environment, known)
  const servers = redisServers(environment)
  const redis = redisReader(servers, name, known)
  const caches = cacheStores(servers, name)
  const queues = queueRegistry(environment, servers, { hub, outages: known })
  const board = bullBoard(queues, servers, `/${name}/queues/board`)
  const migrations = watchMigrations(environment, { announce: () => hub.announce(name, ['migrations']) })

  const sampling = sampler({
    environment: name,
    fleet,
    lead: advisoryLead(settings.databaseUrl, `sampler:${name}`),
    sources: [
      healthSource(fleet),
      targetSource(targets),
      hitRatioSource(fleet),
      redisSource(redis),
      queues.samples,
      ...sources,
    ],
    logger,
    ready: () => store.state === 'ready',
    onSampled: () => void store.notify(name, ['series']).catch(() => undefined),
    onFailed: () => hub.announce(name, ['series']),
  })
  const series = seriesReader({ store, environment: name, outages: known, sampling: () => sampling })

  const reader = eventReader({
    environment: name,
    redis: openViewRedis(fleetRedisUrl, `${name}:events`, 8_000),
    cursor: () => events.cursor(),
    async onEvents(batch) {
      for (const event of batch) overlay(event)
      hub.announce(name, topicsOf(batch))
      await events.add(batch)
      hub.announce(name, ['events'])
    },
  })

  /** A transition is known by its event up to two seconds before the process writes the detail anew. */
  function overlay({ kind, process, data }: StoredEvent) {
    const report = data.report as { name?: unknown } | undefined
    if (kind === 'breaker.transition' && report)
      fleet.overlay(process, 'breakers', item => (item as { name?: unknown }).name === report.name, report)
  }

  return {
    name,
    settings: environment,
    fleet,
    commander: commander(actsRedis, name, settings.fleetKey),
    events,
    targets,
    redis,
    caches,
    series,
    queues,
    board,
    migrations,
    outages: known,
    start() {
      fleet.start()
      reader.start()
      queues.start()
      sampling.start()
      migrations.start()
    },
    async close() {
      await sampling.close()
      await Promise.all([
        fleet.close(),
        reader.close(),
        targets.close(),
        redis.close(),
        caches.close(),
        board.close(),
        queues.close(),
        migrations.close(),
      ])
      actsRedis.disconnect()
    },
  }
}

function topicsOf(events: StoredEvent[]): Topic[] {
  const topics = new Set<Topic>()
  for (const { kind } of events)
    topics.add(kind.startsWith('breaker.') ? 'breakers' : kind.startsWith('health.') ? 'health' : 'fleet')
  return [...topics]
}
