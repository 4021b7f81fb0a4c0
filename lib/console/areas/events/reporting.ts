import { toConsoleTime } from '../../fleet/clocks.ts'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetProcess, FleetSnapshot } from '../../fleet/port.ts'
import { DOMAIN, type EventsItem, EventsReportItem, type SubscriptionItem } from './events-item.ts'

/** A process with what it reports of its events. */
export interface Reporting<Item> {
  process: FleetProcess
  living: boolean
  item: Item
  /** A time of its clock, on the console's. */
  time(at: number): number
}

/** What processes report. Those that were stopped are left out, those that were lost are not. */
export function reportingIn(snapshot: FleetSnapshot): {
  processes: Reporting<EventsItem>[]
  subscriptions: Reporting<SubscriptionItem>[]
} {
  const processes: Reporting<EventsItem>[] = []
  const subscriptions: Reporting<SubscriptionItem>[] = []
  for (const process of snapshot.processes) {
    if (process.state === 'left' || process.state === 'replaced') continue
    const common = { process, living: isLiving(process), time: (at: number) => toConsoleTime(at, process, snapshot) }
    for (const item of itemsOf(process, DOMAIN, EventsReportItem)?.items ?? [])
      if (item.kind === 'events') processes.push({ ...common, item })
      else subscriptions.push({ ...common, item })
  }
  return { processes, subscriptions }
}
