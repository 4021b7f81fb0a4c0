import { byText } from '../../core/text-order.ts'
import { toConsoleTime } from './clocks.ts'
import { itemsOf } from './details.ts'
import type { HeldKind } from './holders.ts'
import { isLiving } from './living.ts'
import type { FleetSnapshot } from './port.ts'

export interface InProcess<Item> {
  process: string
  instance: string
  service: string
  item: Item
}

/** What living processes report of one kind, by its name; each item's times on the console's clock. */
export function heldByName<Item extends { name: string }>(
  snapshot: FleetSnapshot,
  { domain, schema }: Pick<HeldKind<Item>, 'domain' | 'schema'>,
  toTime: (item: Item, time: (at: number) => number) => Item,
): [string, InProcess<Item>[]][] {
  const all = snapshot.processes.filter(isLiving).flatMap(process =>
    (itemsOf(process, domain, schema)?.items ?? []).map(item => ({
      process: process.id,
      instance: process.instance,
      service: process.service,
      item: toTime(item, at => toConsoleTime(at, process, snapshot)),
    })),
  )
  const inOrder = all.sort((a, b) => byText(a.instance, b.instance))
  return [...Map.groupBy(inOrder, ({ item }) => item.name)].sort(([a], [b]) => byText(a, b))
}

export const servicesOf = (members: readonly { service: string }[]) =>
  [...new Set(members.map(({ service }) => service))].sort(byText)

/** The end of something lasting, on the console's clock; nothing for what lasts until it is ended. */
export const untilOf = (until: number | undefined, time: (at: number) => number) =>
  until === undefined ? {} : { until: time(until) }
