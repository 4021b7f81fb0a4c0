import { type Beat, isUnderstood, limits, parseBeat } from '../../infrastructure/fleet/index.ts'

/** What a process says with each beat and seldom says anew. */
interface Standing {
  /** The revisions as they stand in the text, where they stand where the library writes them: before the skew, which is last. */
  text?: string
  /** The protocol version, when it is not one that is understood. */
  unsupported?: number
  rev: Readonly<Record<string, number>>
}

const SKEW = ',"skew":'

/**
 * One beat as it came. A thousand processes beat every two seconds, and hardly anyone looks at all their vitals: the text is
 * parsed when somebody does. What every reading needs (version, revisions, skew) is at hand without.
 */
export class BeatReading {
  readonly raw: string
  readonly standing: Standing
  /** Own clock minus Redis TIME in ms, as the process last said. */
  readonly skew: number | undefined
  #beat: Beat | null | undefined

  /** `previous`: the one before it of the same process. */
  constructor(raw: string, previous: BeatReading | undefined) {
    this.raw = raw
    const known = previous?.standing.text
    const at = known === undefined ? -1 : raw.lastIndexOf(SKEW)
    if (previous && known !== undefined && at > 0 && raw.startsWith(known, at - known.length)) {
      this.standing = previous.standing
      const skew = Number.parseFloat(raw.slice(at + SKEW.length))
      this.skew = Number.isNaN(skew) ? undefined : skew
    } else {
      this.#beat = parseBeat(raw) ?? null
      this.standing = standingOf(raw, this.#beat)
      this.skew = this.beat?.skew
    }
  }

  /** Undefined for what is no beat, or not one that is understood. */
  get beat(): Beat | undefined {
    if (this.#beat === undefined) this.#beat = parseBeat(this.raw) ?? null
    return this.standing.unsupported === undefined ? (this.#beat ?? undefined) : undefined
  }
}

function standingOf(raw: string, beat: Beat | null): Standing {
  const version = beat?.v ?? limits.PROTOCOL_VERSION + 1
  if (!beat || !isUnderstood(version)) return { unsupported: version, rev: {} }
  const begin = raw.lastIndexOf('"rev":')
  const end = raw.lastIndexOf(SKEW)
  return { text: begin > 0 && end > begin ? raw.slice(begin, end) : undefined, rev: beat.rev }
}
