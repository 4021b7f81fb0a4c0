import { type Beat, isUnderstood, limits, parseBeat } from '../../infrastructure/fleet/index.ts'

/** What a process sends with each beat but seldom changes. */
interface StableFields {
  /** The revisions as text, if they are where the library writes them: before the skew, which is last. */
  text?: string
  /** The protocol version, when it is not one that this console understands. */
  unsupported?: number
  rev: Readonly<Record<string, number>>
}

const SKEW = ',"skew":'

/**
 * One beat as it arrived. A thousand processes send one every two seconds, and hardly anyone looks at all their vitals: the text is
 * parsed only when they are read. Version, revisions and skew, which every reading needs, are available without parsing.
 */
export class BeatReading {
  readonly raw: string
  readonly stable: StableFields
  /** Own clock minus Redis TIME in ms, as the process last reported. */
  readonly skew: number | undefined
  #beat: Beat | null | undefined

  /** `previous`: the one before it of the same process. */
  constructor(raw: string, previous: BeatReading | undefined) {
    this.raw = raw
    const known = previous?.stable.text
    const at = known === undefined ? -1 : raw.lastIndexOf(SKEW)
    if (previous && known !== undefined && at > 0 && raw.startsWith(known, at - known.length)) {
      this.stable = previous.stable
      const skew = Number.parseFloat(raw.slice(at + SKEW.length))
      this.skew = Number.isNaN(skew) ? undefined : skew
    } else {
      this.#beat = parseBeat(raw) ?? null
      this.stable = stableOf(raw, this.#beat)
      this.skew = this.beat?.skew
    }
  }

  /** Undefined for text that is no beat, or has a protocol version that is not understood. */
  get beat(): Beat | undefined {
    if (this.#beat === undefined) this.#beat = parseBeat(this.raw) ?? null
    return this.stable.unsupported === undefined ? (this.#beat ?? undefined) : undefined
  }
}

function stableOf(raw: string, beat: Beat | null): StableFields {
  const version = beat?.v ?? limits.PROTOCOL_VERSION + 1
  if (!beat || !isUnderstood(version)) return { unsupported: version, rev: {} }
  const begin = raw.lastIndexOf('"rev":')
  const end = raw.lastIndexOf(SKEW)
  return { text: begin > 0 && end > begin ? raw.slice(begin, end) : undefined, rev: beat.rev }
}
