/** Something that went bad at a place, or good again. */
export interface Turn {
  subject: string
  place: string
  state: 'good' | 'probing' | 'bad'
  /** ms */
  at: number
}

export interface Flapping {
  subject: string
  places: string[]
  /** How often it went bad, in the place where it did so most often. */
  times: number
  /** The first and the last of its turns (ms). */
  since: number
  until: number
}

/** The number of changes from good to bad that counts as flapping; fewer are separate outages. */
const TIMES = 3
/** After this long without a change it has stopped flapping (ms). */
export const QUIET_AFTER_MS = 60_000

/**
 * What changed back and forth between good and bad, each change within a minute of the one before. A failed probe is part of
 * the outage that it probes, not a new one.
 */
export function flappingOf(turns: readonly Turn[]): Flapping[] {
  const flapping: Flapping[] = []
  for (const mine of Map.groupBy(turns, ({ subject, place }) => `${subject}\n${place}`).values())
    for (const stretch of stretchesOf(mine.toSorted((a, b) => a.at - b.at))) {
      const [first, last] = [stretch[0], stretch.at(-1)]
      const times = timesBad(stretch)
      if (!first || !last || times < TIMES) continue
      const { subject, place } = first
      const known = flapping.find(
        other =>
          other.subject === subject &&
          first.at - other.until < QUIET_AFTER_MS &&
          other.since - last.at < QUIET_AFTER_MS,
      )
      if (!known) flapping.push({ subject, places: [place], times, since: first.at, until: last.at })
      else {
        known.places.push(place)
        known.times = Math.max(known.times, times)
        known.since = Math.min(known.since, first.at)
        known.until = Math.max(known.until, last.at)
      }
    }
  return flapping
}

function stretchesOf(turns: readonly Turn[]): Turn[][] {
  const stretches: Turn[][] = []
  for (const turn of turns) {
    const current = stretches.at(-1)
    const last = current?.at(-1)
    if (current && last && turn.at - last.at < QUIET_AFTER_MS) current.push(turn)
    else stretches.push([turn])
  }
  return stretches
}

function timesBad(turns: readonly Turn[]): number {
  let bad = false
  let times = 0
  for (const { state } of turns) {
    if (state === 'bad' && !bad) times++
    if (state !== 'probing') bad = state === 'bad'
  }
  return times
}

/** `75 s`, `5 min`. */
export function spanWords(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000))
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
