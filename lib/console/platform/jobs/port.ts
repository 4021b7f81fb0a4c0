import type { Tx } from '../store/port.ts'

/** Durable work in Postgres: what a transaction enqueues is carried out by some console, now or after a restart. */
export interface Jobs {
  readonly state: 'starting' | 'ready' | 'down'
  readonly reason?: string
  /** Becomes visible with the transaction that records the run. */
  enqueue(runId: string, tx: Tx): Promise<void>
  /** Jobs that are waiting or active. */
  depth(): Promise<{ waiting: number; active: number }>
  close(): Promise<void>
}
