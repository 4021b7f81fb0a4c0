import type { TransactionSql } from 'postgres'
import type { DomainEvent, OutboxState, StoredEventState } from './port.ts'

export interface StoredEvent extends DomainEvent {
  /** Increases in the order in which events were stored. */
  position: number
}

/** Events that were stored with the changes they tell of. */
export interface Outbox {
  /** In the transaction, or in one of its own. */
  add(event: DomainEvent, transaction?: TransactionSql): Promise<void>
  /**
   * Hands the oldest that were not sent to `send`, at most `limit`, and notes them as sent when it resolves. How many; undefined when
   * another process is sending.
   */
  sendNext(limit: number, send: (events: readonly StoredEvent[]) => Promise<void>): Promise<number | undefined>
  /** Those published in a span of time, in the order of their positions, after one. */
  stored(span: { from: number; until: number }, after: number, limit: number): Promise<StoredEvent[]>
  /** How many of each type were published in a span of time. */
  countByType(span: { from: number; until: number }, options?: { timeoutMs?: number }): Promise<Map<string, number>>
  find(id: string): Promise<StoredEventState | undefined>
  state(): Promise<OutboxState>
  /** Identifies the database over all processes. */
  database(): Promise<string>
  removeSent(olderThanMs: number, limit: number): Promise<number>
  close(): Promise<void>
}
