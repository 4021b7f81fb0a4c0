/** The result of one run in a fresh process: the figure compared, in the bench's unit, and other figures. */
export interface Measurement {
  value: number
  extra?: Record<string, number>
  /** Remarks for the report. */
  notes?: string[]
}

/** One side of a comparison. Each of its runs is a process of its own. */
export interface Contender {
  program: URL
  /** Called before each run; its result is sent to the program, so it must be plain data. */
  before?(): Promise<unknown>
  /** What the program may request while it runs, by name: work that must not be done in the measured process. */
  answers?: Record<string, () => Promise<unknown>>
}

/** A peer that is not installed here: figures measured elsewhere, marked as such. */
export interface RecordedPeer {
  value: number
  from: string
}

export interface Runs {
  ours: Measurement[]
  peers: Record<string, Measurement[]>
}

/** One target of the project, and the measured figure. Met when `measured` is at most `limit`. */
export interface Check {
  what: string
  limit: number
  measured: number
}

export interface Prepared {
  ours: Contender
  peers: Record<string, Contender>
  recorded?: Record<string, RecordedPeer>
  /** Evaluates the runs: the targets checked, and other figures to keep. May measure more. */
  conclude(runs: Runs): Promise<{ checks: Check[]; extra: Record<string, unknown> }>
}

/** What a bench can use while it prepares. */
export interface Stage {
  say(words: string): void
  /** Registers something to close at the end, the last first, also after an error. */
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
  /** Starts what the runs need. */
  prepare(stage: Stage): Promise<Prepared>
}
