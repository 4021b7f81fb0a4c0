import type { CacheStores } from '../../areas/caches/stores.ts'
import type { WatchedMigrations } from '../../areas/migrations/port.ts'
import type { Board } from '../../areas/queues/adapters/bull-board.ts'
import type { QueueRegistry } from '../../areas/queues/port.ts'
import type { RedisReader } from '../../areas/redis/reader.ts'
import type { Commander } from '../../fleet/commander.ts'
import type { EventStore } from '../../fleet/event-store.ts'
import type { FleetCollector } from '../../fleet/port.ts'
import type { SeriesReader } from '../../series/port.ts'
import type { TargetProbe } from '../../servers/probe/port.ts'
import type { Outages } from '../part/outages.ts'
import type { ResolvedEnvironment } from '../settings/port.ts'

/** One environment as views and operations meet it. */
export interface ConsoleEnvironment {
  readonly name: string
  readonly settings: ResolvedEnvironment
  readonly fleet: FleetCollector
  readonly commander: Commander
  readonly events: EventStore
  readonly targets: TargetProbe
  readonly redis: RedisReader
  readonly caches: CacheStores
  readonly series: SeriesReader
  readonly queues: QueueRegistry
  /** Bull Board over the queues, for those who know it. */
  readonly board: Board
  readonly migrations: WatchedMigrations
  readonly outages: Outages
}
