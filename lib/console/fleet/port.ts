import type { Beat, FleetEvent, Identity } from '../../infrastructure/fleet/index.ts'
import type { Part } from '../platform/part/part.ts'

/** `late`: three heartbeats missed. `lost`: silent without saying that it stops. `left`: stopped. `replaced`: lost, and another one has taken its place. */
export type ProcessState = 'up' | 'late' | 'lost' | 'left' | 'replaced'

export interface DetailReading {
  rev: number
  /** Redis time of writing. */
  at: number
  items: unknown[]
  /** How many there were, when not all fitted. */
  total: number
}

export interface FleetProcess {
  id: string
  state: ProcessState
  service: string
  instance: string
  identity?: Identity
  /** Redis time of the last beat; for one that was just written, of the reading that found it. */
  lastBeatAt: number
  /** ms between the last beat and this reading. */
  silentFor: number
  beat?: Beat
  /** Own clock minus Redis TIME in ms, as the process last reported. */
  skew?: number
  /** The protocol version, when it is not one that is understood: the process is shown without its figures. */
  unsupported?: number
  details: ReadonlyMap<string, DetailReading>
}

export interface FleetSnapshot {
  /** Redis time of the reading. */
  redisNow: number
  /** Console clock minus Redis clock, ms. */
  skew: number
  processes: FleetProcess[]
}

export interface FleetCollector {
  /** The fleet with these detail domains, at most `maxAge` ms old (views share a second; acts ask for 0). Never rejects: the part says if it is stale or down. */
  read(domains?: readonly string[], options?: { maxAge?: number }): Promise<Part<FleetSnapshot>>
  /** Keeps reading once a second; returns a function that ends it. */
  watch(): () => void
  /** Forgets processes that are not coming back. Only lost, left and replaced ones; returns those forgotten, for `remember`. */
  forget(ids: readonly string[]): Promise<ForgottenProcess[]>
  /** Restores forgotten processes as they were; returns the ids of those that had not come back on their own. */
  remember(forgotten: readonly ForgottenProcess[]): Promise<string[]>
  /** Replaces the matching item with a newer one, received by event, until the process writes its own. */
  overlay(process: string, domain: string, match: (item: unknown) => boolean, item: unknown): void
  start(): void
  close(): Promise<void>
}

export interface StoredEvent extends FleetEvent {
  streamId: string
}

/** What a process had written into Redis when it was forgotten. */
export interface ForgottenProcess {
  id: string
  /** Redis' time (ms). */
  lastBeatAt: number
  /** `ttl` in ms; -1: none. */
  keys: { key: string; value: string; ttl: number }[]
}

/** Kinds of events that no process can report: the console observes them. */
export const PROCESS_LOST = 'process.lost'
export const PROCESS_BACK = 'process.back'
