import type { RunTrigger, ScheduleChange, SchedulePause, ScheduleRun, Timing } from './port.ts'

/** A schedule is due, in this process. The same id comes again when the process that had it crashed. */
export interface Tick {
  id: string
  name: string
  dueAt: number
  trigger: RunTrigger
  /** 1, and more for each process that crashed with it. */
  attempt: number
  by?: string
}

/** `later`: to be given again in a second, perhaps to another process, which knows the schedule. */
export type TickHandler = (tick: Tick, signal: AbortSignal) => Promise<'done' | 'later'>

/** A change of the timing, as it is kept. */
export interface KeptChange extends ScheduleChange {
  when: Timing
}

/** What processes share of a schedule. */
export interface ScheduleState {
  /** The last that was due and was run, skipped or noted as missed. */
  lastDueAt?: number
  paused?: SchedulePause
  changed?: KeptChange
}

/** What an adapter provides; `Scheduler` is built on it. */
export interface ScheduleBackend {
  readonly shared: boolean
  /** Of reports. */
  readonly queue?: string
  /** Makes it due from now on. One with the same timing stays as it is, also when it is overdue. Whether it is new or has another timing. */
  put(name: string, timing: Timing): Promise<boolean>
  remove(name: string): Promise<boolean>
  /** Undefined when it is not there, or is due never again. */
  nextAt(name: string): Promise<number | undefined>
  /** One more tick; one of the same id comes once. */
  enqueue(tick: Omit<Tick, 'attempt'>): Promise<void>
  state(name: string): Promise<ScheduleState>
  /** `null` removes. */
  change(
    name: string,
    change: { lastDueAt?: number | null; paused?: SchedulePause | null; changed?: KeptChange | null },
  ): Promise<void>
  /** Whether this tick may run, since no other one of the schedule does. It may until `release`, or until its process crashed. */
  claim(name: string, tickId: string): Promise<boolean>
  release(name: string, tickId: string): Promise<void>
  /** Begins to give ticks. */
  start(handler: TickHandler): Promise<void>
  /** Gives no more, and waits for handlers; after `timeoutMs` their signals abort. */
  close(timeoutMs: number): Promise<void>
}

/** Where runs are kept. */
export interface RunHistory {
  /** A run that begins, or one that was not. One with the id of another changes nothing. */
  add(run: ScheduleRun): Promise<void>
  /** Ends those of this id that go on. */
  end(run: Pick<ScheduleRun, 'id' | 'endedAt' | 'outcome' | 'message' | 'overran'>): Promise<void>
  /** The newest first. */
  list(name: string, limit: number): Promise<ScheduleRun[]>
  remove(before: number, limit: number): Promise<number>
  close(): Promise<void>
}
