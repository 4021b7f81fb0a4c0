import type { FleetSnapshot } from '../fleet/port.ts'
import type { OwnComponent } from '../health/own.ts'
import type { Part } from '../part.ts'
import type { Target } from '../targets/port.ts'
import { ofBreakers } from './breakers.ts'
import { ofCaches } from './caches.ts'
import { ofHealth } from './health.ts'
import type { AttentionItem } from './item.ts'
import { ofMigrations, type StandingOf } from './migrations.ts'
import { ofProcesses } from './processes.ts'
import { ofQueues } from './queues.ts'
import { ofConsole, ofTargets } from './servers.ts'

interface Everything {
  fleet: Part<FleetSnapshot>
  own: readonly OwnComponent[]
  targets: readonly Target[]
  queues: Parameters<typeof ofQueues>[0]
  standings: readonly StandingOf[]
}

/** What needs attention over all domains, the gravest effect on users first. */
export function rankAttention({ fleet, own, targets, queues, standings }: Everything): AttentionItem[] {
  const items = [
    ...ofConsole(own),
    ...ofTargets(targets),
    ...ofQueues(queues),
    ...ofMigrations(standings, targets),
    ...(fleet.status === 'down'
      ? []
      : [ofBreakers, ofProcesses, ofHealth, ofCaches].flatMap(itemsOf => itemsOf(fleet.data))),
  ]
  return items.sort((a, b) => b.weight - a.weight || (a.since ?? 0) - (b.since ?? 0))
}
