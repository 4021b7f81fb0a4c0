import { counted } from '../counted.ts'
import type { TimelineEntry } from './entry.ts'

/** One dependency fails for many processes at once: their entries, seconds apart, are one. */
const AT_ONCE = 15_000
const NAMED = 3

interface Told extends TimelineEntry {
  /** Probes that failed while it stayed open. */
  probes: number
}

/**
 * A timeline without its echoes, the newest first: a breaker that probes in vain, again and again, is one outage, and the same
 * thing in several processes is one entry, at the time of the first of them.
 */
export function toldOnce(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const chronological = entries.toSorted((a, b) => a.at - b.at)
  return inPlaces(withoutProbes(chronological)).map(withProbes).reverse()
}

/** Half-open and then open again is a failed probe of the outage it belongs to; half-open and then closed is its end. */
function withoutProbes(entries: readonly TimelineEntry[]): Told[] {
  const told: Told[] = []
  const outages = new Map<string, Told>()
  const probing = new Map<string, Told>()
  for (const entry of entries) {
    const next: Told = { ...entry, probes: 0 }
    const { transition } = entry
    const key = `${transition?.breaker} ${entry.places?.join()}`
    const outage = outages.get(key)
    const probe = transition && probing.get(key)
    if (transition && probe && transition.to !== 'half-open') {
      told.splice(told.indexOf(probe), 1)
      probing.delete(key)
    }
    if (transition?.to === 'open' && probe && outage) {
      outage.probes++
      continue
    }
    if (transition?.to === 'open') outages.set(key, next)
    if (transition?.to === 'closed') outages.delete(key)
    if (transition?.to === 'half-open') probing.set(key, next)
    told.push(next)
  }
  return told
}

function inPlaces(entries: readonly Told[]): Told[] {
  const told: Told[] = []
  for (const entry of entries) {
    const known = told.findLast(
      other => other.what !== undefined && other.what === entry.what && entry.at - other.at < AT_ONCE,
    )
    // Twice in one place is two things.
    const again = known?.places?.some(place => entry.places?.includes(place)) ?? true
    if (!known || again) told.push(entry)
    else {
      known.places = [...(known.places ?? []), ...(entry.places ?? [])].sort()
      known.text = `${known.what} in ${listed(known.places)}`
      known.probes += entry.probes
    }
  }
  return told
}

function withProbes({ probes, ...entry }: Told): TimelineEntry {
  if (probes === 0) return entry
  return { ...entry, text: `${entry.text}; ${counted(probes, 'probe')} failed` }
}

function listed(places: readonly string[]): string {
  if (places.length > NAMED) return `${places.length} processes`
  return `${places.slice(0, -1).join(', ')} and ${places.at(-1)}`
}
