import { byText } from '../../../core/text-order.ts'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import { Fleet } from '../../fleet/resources.ts'
import type { ConsoleEnvironment } from '../../platform/environment/port.ts'
import type { Part } from '../../platform/part/part.ts'
import type { QueueRow } from './queue-row.ts'
import { WorkerItem } from './worker-item.ts'

/** The queues that workers of one service work on. */
export interface QueueGroup {
  /** Absent: no registered worker works on them. */
  service?: string
  total: number
  /** In the order of the list; fewer than `total` where the list is cut. */
  queues: QueueRow[]
}

type Services = ReadonlyMap<string, ReadonlySet<string>>

/** The services whose workers work on a queue, by `prefix:name`. */
export async function servicesOfQueues(environment: ConsoleEnvironment): Promise<Part<Services>> {
  const fleet = await environment.of(Fleet).read(['workers'])
  if (fleet.status === 'down') return fleet
  const services = new Map<string, Set<string>>()
  for (const process of fleet.data.processes.filter(isLiving))
    for (const { prefix, queue } of itemsOf(process, 'workers', WorkerItem)?.items ?? []) {
      const key = `${prefix}:${queue}`
      services.set(key, (services.get(key) ?? new Set()).add(process.service))
    }
  return { ...fleet, data: services }
}

/** A queue is in the group of each of its services. Of all groups together, `limit` rows are listed. */
export function groupByService(rows: readonly QueueRow[], services: Part<Services>, limit: number): QueueGroup[] {
  const known: Services = services.status === 'down' ? new Map() : services.data
  const groups = new Map<string | undefined, QueueRow[]>()
  for (const row of rows)
    for (const service of known.get(row.key) ?? [undefined]) {
      const group = groups.get(service)
      if (group) group.push(row)
      else groups.set(service, [row])
    }
  let left = limit
  return [...groups]
    .sort(([a], [b]) => Number(a === undefined) - Number(b === undefined) || byText(a ?? '', b ?? ''))
    .map(([service, members]) => {
      const queues = members.slice(0, left)
      left -= queues.length
      return { ...(service === undefined ? {} : { service }), total: members.length, queues }
    })
}
