import type { StoredEvent } from '../../fleet/port.ts'

/** One thing that happened, in a sentence: what the timeline of every page shows. */
export interface TimelineEntry {
  id: string
  at: number
  tone: 'bad' | 'warning' | 'good' | 'accent' | 'neutral'
  text: string
  /** The sentence without its place, and the place, where it has one: the same thing in many places is one entry. */
  what?: string
  places?: string[]
  /** Of a breaker that moved by itself: which, and to what. */
  transition?: { breaker: string; to: string }
  /** Page it belongs to, below the environment: `breakers?name=payments-api`. */
  href?: string
}

/** A fleet event as people would tell it. */
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
