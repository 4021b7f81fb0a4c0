import type { JobRow } from '../views/queue.ts'

/** A job that matches, with the queue where it is. */
export interface FoundJob extends JobRow {
  server: string
  /** `prefix:name` */
  queue: string
}

/** A line of the answer to a search: one JSON object each, as it happens. */
export type SearchEvent =
  | { kind: 'found'; jobs: FoundJob[] }
  /** Jobs examined so far, of how many there were when the search began. */
  | { kind: 'progress'; examined: number; total: number }
  /** A server whose jobs were not examined, or not all. */
  | { kind: 'unsearched'; server: string; reason: string; nextStep?: string }
  | SearchEnd

export interface SearchEnd {
  kind: 'end'
  examined: number
  total: number
  /** Jobs not searched because their data is too large. */
  tooLarge: number
  /** `all`: every job was examined, where no server is reported as unsearched. */
  because: 'all' | 'enough' | 'time'
}
