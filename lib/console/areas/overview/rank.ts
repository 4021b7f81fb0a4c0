import type { FleetSnapshot } from '../../fleet/port.ts'
import type { AttentionItem } from '../../platform/attention/item.ts'
import type { Part } from '../../platform/part/part.ts'
import type { Target } from '../../servers/probe/port.ts'
import { ofBreakers } from '../breakers/attention.ts'
import { ofCaches } from '../caches/attention.ts'
import { ofHealth } from '../health/attention.ts'
import type { OwnComponent } from '../health/own.ts'
import { ofConsole, ofTargets } from '../health/server-attention.ts'
import { ofMigrations, type StandingOf } from '../migrations/attention.ts'
import { ofQueues } from '../queues/attention.ts'
import { ofProcesses } from '../services/attention.ts'

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
