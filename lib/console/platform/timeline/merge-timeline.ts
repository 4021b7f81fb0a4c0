import { counted } from '../counted.ts'
import type { TimelineEntry } from './entry.ts'
import { type Flapping, flappingOf, spanWords, type Turn } from './flapping.ts'
import { mergeShortRuns } from './short-runs.ts'

/** One dependency fails for many processes at once: their entries, seconds apart, are one. */
const AT_ONCE = 15_000
const NAMED = 3

interface Merged extends TimelineEntry {
  /** Probes that failed while it stayed open. */
  probes: number
}

/**
 * A timeline without repetition, the newest first: what flaps is one entry, a breaker with failing probes is one outage,
 * processes that live for a moment are one entry per service, and the same thing in several processes is one entry, at the time
 * of the first of them.
 */
export function mergeTimeline(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const chronological = entries.toSorted((a, b) => a.at - b.at)
  return inPlaces(withoutProbes(mergeShortRuns(withoutFlapping(chronological))))
    .map(withProbes)
    .sort((a, b) => b.at - a.at)
}

/** All turns of what flaps are one entry at the time of the last. */
function withoutFlapping(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const turns = entries.flatMap(entry => turnOf(entry) ?? [])
  const stretches = flappingOf(turns)
  if (stretches.length === 0) return [...entries]
  const kept: TimelineEntry[] = []
  const last = new Map<Flapping, TimelineEntry>()
  for (const entry of entries) {
    const turn = turnOf(entry)
    const stretch = turn && stretches.find(candidate => isWithin(turn, candidate))
    if (stretch) last.set(stretch, entry)
    else kept.push(entry)
  }
  for (const [{ subject, places, times, since, until }, entry] of last)
    kept.push({
      ...{
        id: `${entry.id}:flapping`,
        at: until,
        tone: entry.tone === 'good' ? 'warning' : entry.tone,
        href: entry.href,
      },
      text: `${subject} flapped in ${listed(places.toSorted())}: ${entry.change?.verb} ${counted(times, 'time')} in ${spanWords(until - since)}`,
    })
  return kept.sort((a, b) => a.at - b.at)
}

function turnOf({ change, places: [place] = [], at }: TimelineEntry): Turn | undefined {
  return change && place !== undefined ? { subject: change.subject, state: change.state, place, at } : undefined
}

const isWithin = ({ subject, place, at }: Turn, stretch: Flapping) =>
  subject === stretch.subject && stretch.places.includes(place) && at >= stretch.since && at <= stretch.until

/** Half-open and then open again is a failed probe of the outage it belongs to; half-open and then closed is its end. */
function withoutProbes(entries: readonly TimelineEntry[]): Merged[] {
  const merged: Merged[] = []
  const outages = new Map<string, Merged>()
  const probing = new Map<string, Merged>()
  for (const entry of entries) {
    const next: Merged = { ...entry, probes: 0 }
    const { change } = entry
    const key = `${change?.subject} ${entry.places?.join()}`
    const outage = outages.get(key)
    const probe = change && probing.get(key)
    if (change && probe && change.state !== 'probing') {
      merged.splice(merged.indexOf(probe), 1)
      probing.delete(key)
    }
    if (change?.state === 'bad' && probe && outage) {
      outage.probes++
      continue
    }
    if (change?.state === 'bad') outages.set(key, next)
    if (change?.state === 'good') outages.delete(key)
    if (change?.state === 'probing') probing.set(key, next)
    merged.push(next)
  }
  return merged
}

function inPlaces(entries: readonly Merged[]): Merged[] {
  const merged: Merged[] = []
  for (const entry of entries) {
    const known = merged.findLast(
      other => other.what !== undefined && other.what === entry.what && entry.at - other.at < AT_ONCE,
    )
    // Twice in one place is two entries.
    const again = known?.places?.some(place => entry.places?.includes(place)) ?? true
    if (!known || again) merged.push(entry)
    else {
      known.places = [...(known.places ?? []), ...(entry.places ?? [])].sort()
      known.text = `${known.what} in ${listed(known.places)}`
      known.probes += entry.probes
    }
  }
  return merged
}

function withProbes({ probes, ...entry }: Merged): TimelineEntry {
  if (probes === 0) return entry
  return { ...entry, text: `${entry.text}; ${counted(probes, 'probe')} failed` }
}

function listed(places: readonly string[]): string {
  if (places.length > NAMED) return `${places.length} processes`
  if (places.length < 2) return places[0] ?? 'no process'
  return `${places.slice(0, -1).join(', ')} and ${places.at(-1)}`
}
