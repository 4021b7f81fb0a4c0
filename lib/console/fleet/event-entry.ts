import type { TimelineEntry } from '../platform/timeline/entry.ts'
import { PROCESS_BACK, PROCESS_LOST, type StoredEvent } from './port.ts'

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
      expired: 'left its override and is',
      reset: 'was reset and is',
    }[text(data.cause)]
    const verb = how ? `${how} ${to}` : to === 'open' ? 'opened' : to === 'half-open' ? 'is half-open' : 'closed'
    return {
      id,
      at,
      tone: to === 'open' ? 'bad' : to === 'half-open' ? 'warning' : 'good',
      ...happenedIn(`${breaker} ${verb}`, instance),
      change: how ? undefined : { subject: breaker, state: stateOf(to), verb: 'opened' },
      href: `breakers?breaker=${encodeURIComponent(breaker)}`,
    }
  }
  const href = `services?process=${event.process}`
  const lifetime = { process: event.process, service: event.service }
  if (kind === 'process.registered')
    return {
      id,
      at,
      tone: 'accent',
      text: `${instance} started${data.version ? `, version ${text(data.version)}` : ''}`,
      lifetime: { ...lifetime, phase: 'start' },
      href,
    }
  if (kind === 'process.left')
    return { id, at, tone: 'neutral', text: `${instance} stopped`, lifetime: { ...lifetime, phase: 'end' }, href }
  if (kind === PROCESS_LOST) return { id, at, tone: 'bad', text: `${instance} was lost: it stopped reporting`, href }
  if (kind === PROCESS_BACK) return { id, at, tone: 'good', text: `${instance} is back`, href }
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
      change: { subject: text(data.check), state: status === 'up' ? 'good' : 'bad', verb: 'failed' },
      href: 'health',
    }
  }
  return { id, at, tone: 'neutral', text: `${kind} in ${instance}`, href }
}

const stateOf = (to: string) => (to === 'open' ? 'bad' : to === 'half-open' ? 'probing' : 'good')

function happenedIn(what: string, place: string): Pick<TimelineEntry, 'text' | 'what' | 'places'> {
  return { text: `${what} in ${place}`, what, places: [place] }
}
