/** What one run in a fresh process found: the figure compared, in the bench's unit, and whatever was measured beside it. */
export interface Measurement {
  value: number
  extra?: Record<string, number>
  /** What has to be said of it in words. */
  notes?: string[]
}

/** One side of a comparison. Each of its runs is a process of its own. */
export interface Contender {
  program: URL
  /** Made anew before each run; what it returns is handed to the program, so it must be plain data. */
  before?(): Promise<unknown>
  /** What the program may ask for while it runs, by name: work that must not be done in the process that is measured. */
  answers?: Record<string, () => Promise<unknown>>
}

/** A peer that is not installed here: what was measured of it elsewhere, said as such. */
export interface RecordedPeer {
  value: number
  from: string
}

export interface Runs {
  ours: Measurement[]
  peers: Record<string, Measurement[]>
}

/** One thing the project promised, and what was found. Met when `measured` is at most `limit`. */
export interface Check {
  what: string
  limit: number
  measured: number
}

export interface Prepared {
  ours: Contender
  peers: Record<string, Contender>
  recorded?: Record<string, RecordedPeer>
  /** What the runs amount to: the promises checked, and what else is worth keeping. May measure more before it answers. */
  conclude(runs: Runs): Promise<{ checks: Check[]; extra: Record<string, unknown> }>
}

/** What a bench may do while it brings things up. */
export interface Stage {
  say(words: string): void
  /** Whatever was opened is ended when all is done, the last first, however it went. */
  closing(end: () => Promise<void> | void): void
}

export interface Bench {
  /** One line for the list. */
  summary: string
  unit: string
  /** Counted runs of each contender; at least 5, which is also the default. */
  runs?: number
  /** Uncounted runs of each contender before those. Default: 1. */
  warmUps?: number
  /** Brings up what the runs need. */
  prepare(stage: Stage): Promise<Prepared>
}
