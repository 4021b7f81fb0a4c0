import type { Tx } from '../store/port.ts'

/** Durable work in Postgres: what is enqueued with its transaction is carried out by some console, now or after a restart. */
export interface Jobs {
  readonly state: 'starting' | 'ready' | 'down'
  readonly reason?: string
  /** Becomes visible with the transaction that records the run. */
  enqueue(runId: string, tx: Tx): Promise<void>
  /** Jobs that wait or run. */
  depth(): Promise<{ waiting: number; active: number }>
  close(): Promise<void>
}
