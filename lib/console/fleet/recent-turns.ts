import type { ConsoleEnvironment } from '../platform/environment/port.ts'
import { type Flapping, flappingOf, QUIET_AFTER_MS } from '../platform/timeline/flapping.ts'
import { toEntry } from './event-entry.ts'
import { Events } from './resources.ts'

const WINDOW = 5 * 60_000
const MOST = 1_000

/**
 * What flaps now, by the name of the breaker or by `service/check`: it changed back and forth within the last five minutes, and has not yet been quiet for a minute.
 * Empty where the event log cannot be read: then only the state counts.
 */
export async function flappingNow(
  environment: ConsoleEnvironment,
  kind: 'breaker.transition' | 'health.changed',
  now = Date.now(),
): Promise<ReadonlyMap<string, Flapping>> {
  const events = await environment
    .of(Events)
    .between(kind, { from: now - WINDOW, to: now + QUIET_AFTER_MS }, MOST)
    .catch(() => [])
  const turns = events.flatMap(event => {
    const { change, places: [place] = [], at } = toEntry(event)
    if (!change || place === undefined) return []
    // Checks of different services may share a name; a breaker is the same in the whole fleet.
    const subject = kind === 'health.changed' ? `${event.service}/${change.subject}` : change.subject
    return [{ subject, state: change.state, place, at }]
  })
  const current = flappingOf(turns).filter(({ until }) => now - until < QUIET_AFTER_MS)
  return new Map(current.map(one => [one.subject, one]))
}
