import type { TimelineEntry } from '../platform/timeline/entry.ts'
import type { StoredEvent } from './port.ts'

/** A fleet event as a line of the event log. */
export function toEntry(event: Omit<StoredEvent, 'v'>): TimelineEntry {
  const { streamId: id, at, instance, kind, data } = event
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  if (kind === 'breaker.transition') {
    const to = text(data.to)
    const breaker = text(data.breaker)
    const how = {
      forced: 'was forced',
      released: 'was released and is',
      expired: 'came out of its override',
      reset: 'was reset and is',
    }[text(data.cause)]
    const verb = how ? `${how} ${to}` : to === 'open' ? 'opened' : to === 'half-open' ? 'is half-open' : 'closed'
    return {
      id,
      at,
      tone: to === 'open' ? 'bad' : to === 'half-open' ? 'warning' : 'good',
      ...happenedIn(`${breaker} ${verb}`, instance),
      transition: how ? undefined : { breaker, to },
      href: `breakers?breaker=${encodeURIComponent(breaker)}`,
    }
  }
  const href = `services?process=${event.process}`
  if (kind === 'process.registered')
    return {
      id,
      at,
      tone: 'accent',
      text: `${instance} started${data.version ? `, version ${text(data.version)}` : ''}`,
      href,
    }
  if (kind === 'process.left') return { id, at, tone: 'neutral', text: `${instance} said goodbye`, href }
  if (kind === 'health.changed') {
    const status = text(data.status)
    return {
      id,
      at,
      tone: status === 'down' ? 'bad' : status === 'degraded' ? 'warning' : 'good',
      ...happenedIn(
        `${text(data.check)} is ${status}${data.message ? ` (${text(data.message).replace(/\.$/, '')})` : ''}`,
        instance,
      ),
      href: 'health',
    }
  }
  return { id, at, tone: 'neutral', text: `${kind} in ${instance}`, href }
}

function happenedIn(what: string, place: string): Pick<TimelineEntry, 'text' | 'what' | 'places'> {
  return { text: `${what} in ${place}`, what, places: [place] }
}
