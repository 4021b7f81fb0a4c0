import type { TransactionSql } from 'postgres'
import { type ListOptions, type SagaAct, type SagaCounts, SagaError, type SagaState } from './port.ts'
import type { KeptRecord } from './record.ts'

export interface StoredSaga {
  id: string
  saga: string
  key?: string
  state: SagaState
  record: KeptRecord
  startedAt: number
  endedAt?: number
  nextAt?: number
  held: boolean
  asked?: SagaAct
}

/** `fence` grows with each taking. */
export interface Held {
  id: string
  fence: number
  leaseMs: number
}

/** What is kept of a saga by its holder. */
export interface Kept {
  state: SagaState
  record: KeptRecord
  /** The act that has been carried out with it. */
  applied?: SagaAct | undefined
}

/** An act, or why it does not fit: another one is asked for already, or the state. */
type AskOutcome = 'asked' | { state: SagaState; asked: SagaAct | undefined } | undefined

/** Rejects with SagaError; `SAGA_LOST` where the holder holds it no more. */
export interface SagaStore {
  readonly shared: boolean
  /** Undefined: it was added. Else the id of the one that has its key. */
  add(
    saga: Pick<StoredSaga, 'id' | 'saga' | 'key' | 'record'>,
    transaction?: TransactionSql,
  ): Promise<string | undefined>
  /** Takes what is due, the one that waits longest first. */
  take(sagas: readonly string[], limit: number, leaseMs: number): Promise<{ held: Held; saga: StoredSaga }[]>
  renew(held: Held): Promise<boolean>
  /** Resolves with what a person has asked for meanwhile. */
  keep(held: Held, kept: Kept): Promise<SagaAct | undefined>
  /** The same for what `work` resolves with: what it writes in the transaction is kept with it, or neither is. */
  keepWith(held: Held, work: (transaction?: TransactionSql) => Promise<Kept>): Promise<SagaAct | undefined>
  /** Keeps it and lets it go; due again in so many ms, or never. False, with nothing changed, when a person has asked for something meanwhile. */
  release(held: Held, kept: Kept & { dueInMs: number | undefined }): Promise<boolean>
  /** Has an act carried out by the next holder, or the present one, where its state allows that. */
  ask(id: string, act: SagaAct): Promise<AskOutcome>
  find(id: string): Promise<StoredSaga | undefined>
  list(options: Required<Pick<ListOptions, 'limit'>> & ListOptions): Promise<StoredSaga[]>
  counts(sagas: readonly string[]): Promise<Map<string, SagaCounts>>
  removeEnded(olderThanMs: number, limit: number): Promise<number>
  close(): Promise<void>
}

/** Whether an act fits: a retry what failed or waits for its next attempt; a compensation what is on its way forward, or failed on it. */
export function allows(act: SagaAct['act'], saga: Pick<StoredSaga, 'state' | 'held'> & { isBack: boolean }): boolean {
  if (act === 'retry')
    return saga.state === 'failed' || ((saga.state === 'running' || saga.state === 'compensating') && !saga.held)
  return saga.state === 'running' || (saga.state === 'failed' && !saga.isBack)
}

export const lostError = (id: string) =>
  new SagaError(`Another process has taken over ${id}: what was done last was not kept`, { code: 'SAGA_LOST' })
