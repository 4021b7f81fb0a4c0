import type { Stamp } from './invalidations.ts'
import type { Lease, SharedWrite } from './layers.ts'
import type { CacheSchema } from './schema.ts'

/** A value that was looked up. Remaining times in ms; one that is `past` its time is in its grace. */
export interface Found {
  value: unknown
  softMs: number
  past: boolean
  madeInMs: number
}

/** The state when a lookup began: an invalidation since then bars its result from being stored. */
export interface Began {
  order: number
  epoch: number
  /** Undefined when Redis did not answer: then nothing is stored there either. */
  since: Stamp | undefined
}

/** What Redis or memory has of a key, and whether another process makes its value. */
export interface Looked {
  found: Found | undefined
  began: Began
  lease?: ({ mine: true } & Lease) | { mine: false; fence: number; leftMs: number }
}

/** An entry to be stored, and its value as the next caller gets it. */
export interface Made {
  write: SharedWrite
  value: unknown
  size: number
  schema: CacheSchema | undefined
}
