import { toConsoleTime } from '../../fleet/clocks.ts'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetProcess, FleetSnapshot } from '../../fleet/port.ts'
import { DOMAIN, type EventsItem, EventsReportItem, type KnownItem, type SubscriptionItem } from './events-item.ts'

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
  known: KnownItem[]
  /** Reports that did not fit, or were not understood. */
  omitted: number
} {
  const processes: Reporting<EventsItem>[] = []
  const subscriptions: Reporting<SubscriptionItem>[] = []
  const known: KnownItem[] = []
  let omitted = 0
  for (const process of snapshot.processes) {
    if (process.state === 'left' || process.state === 'replaced') continue
    const common = { process, living: isLiving(process), time: (at: number) => toConsoleTime(at, process, snapshot) }
    const reported = itemsOf(process, DOMAIN, EventsReportItem)
    if (!reported) continue
    omitted += reported.omitted + reported.malformed
    for (const item of reported.items)
      if (item.kind === 'events') processes.push({ ...common, item })
      else if (item.kind === 'subscription') subscriptions.push({ ...common, item })
      else known.push(item)
  }
  return { processes, subscriptions, known, omitted }
}
