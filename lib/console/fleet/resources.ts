import { defineResource } from '../platform/environment/resource.ts'
import { openViewRedis } from '../servers/view-redis.ts'
import { fleetCollector } from './collector.ts'
import { type Commander, commander } from './commander.ts'
import { eventReader } from './event-reader.ts'
import { type EventStore, eventStore } from './event-store.ts'
import type { FleetCollector, StoredEvent } from './port.ts'
import { processEvents } from './process-events.ts'

/** The processes of an environment, over a connection of their own: a blocking read or a slow act delays no view. */
export const Fleet = defineResource<FleetCollector>('fleet', ({ name, settings, hub, store, logger }) => {
  const events = eventStore(store, name)
  const fleet = fleetCollector({
    environment: name,
    redis: openViewRedis(settings.fleetRedisUrl, `${name}:views`),
    hub,
    onState: processEvents(event => {
      events
        .add([event])
        .then(() => hub.announce(name, ['events']))
        .catch(error => logger.debug('the loss of a process could not be stored', { error }))
    }),
  })
  return { value: fleet, start: fleet.start, close: fleet.close }
})

/** Signed commands to processes, and the overrides in force. */
export const Commands = defineResource<Commander>('commands', ({ name, settings, console }) => {
  const redis = openViewRedis(settings.fleetRedisUrl, `${name}:acts`, 3_000)
  return { value: commander(redis, name, console.fleetKey), close: () => redis.disconnect() }
})

/** What processes reported: read from the fleet's stream, stored, announced. */
export const Events = defineResource<EventStore>('events', ({ name, settings, store, hub, of }) => {
  const fleet = of(Fleet)
  const events = eventStore(store, name)
  const reader = eventReader({
    environment: name,
    redis: openViewRedis(settings.fleetRedisUrl, `${name}:events`, 8_000),
    cursor: () => events.cursor(),
    async onEvents(batch) {
      for (const event of batch) overlay(fleet, event)
      hub.announce(name, topicsOf(batch))
      await events.add(batch)
      hub.announce(name, ['events'])
    },
  })
  return { value: events, start: reader.start, close: reader.close }
})

/** The event of a transition arrives up to two seconds before the process writes the detail. */
function overlay(fleet: FleetCollector, { kind, process, data }: StoredEvent) {
  const report = data.report as { name?: unknown } | undefined
  if (kind === 'breaker.transition' && report)
    fleet.overlay(process, 'breakers', item => (item as { name?: unknown }).name === report.name, report)
}

function topicsOf(events: StoredEvent[]): string[] {
  const topics = new Set<string>()
  for (const { kind } of events)
    topics.add(kind.startsWith('breaker.') ? 'breakers' : kind.startsWith('health.') ? 'health' : 'fleet')
  return [...topics]
}
