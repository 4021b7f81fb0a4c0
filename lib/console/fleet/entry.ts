import type { Identity } from '../../infrastructure/fleet/index.ts'
import type { BeatReading } from './beat-reading.ts'
import type { DetailReading, FleetProcess, ProcessState } from './port.ts'
import { stateOf } from './process-state.ts'

/** What the collector keeps of a process between readings. */
export interface Entry {
  readonly id: string
  beat?: BeatReading
  /** It has no beat: it expired, or the process removed it when it stopped. */
  silent: boolean
  /** Redis time; exact for a process that may be late, up to one reading's age too recent for one that has just sent a beat. */
  lastBeatAt: number
  identity?: Identity
  /** The identity was read after the beat ended: it says whether the process stopped on purpose. */
  identityReread: boolean
  details: Map<string, DetailReading>
  /** The state in the previous reading. */
  state?: ProcessState
}

export function newEntry(id: string): Entry {
  return { id, silent: false, lastBeatAt: 0, identityReread: false, details: new Map() }
}

/** One process in one snapshot. */
export class ReadProcess implements FleetProcess {
  readonly id: string
  state: ProcessState
  readonly identity: Identity | undefined
  readonly lastBeatAt: number
  readonly silentFor: number
  readonly details: ReadonlyMap<string, DetailReading>
  readonly #reading: BeatReading | undefined

  constructor(entry: Entry, redisNow: number) {
    this.id = entry.id
    this.identity = entry.identity
    this.lastBeatAt = entry.lastBeatAt
    this.silentFor = Math.max(0, redisNow - entry.lastBeatAt)
    this.details = entry.details
    this.state = stateOf(entry.identity, entry.lastBeatAt, redisNow)
    this.#reading = entry.beat
  }

  get service() {
    return this.identity?.service ?? 'unknown'
  }

  get instance() {
    return this.identity?.instance ?? this.id
  }

  get beat() {
    return this.#reading?.beat
  }

  get skew() {
    return this.#reading?.skew
  }

  get unsupported() {
    return this.#reading?.stable.unsupported
  }
}
