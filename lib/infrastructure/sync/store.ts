import type { TransactionSql } from 'postgres'
import type { VersionOrder } from './versions.ts'

export interface Seen {
  id: string
  version: string
}

/** One step of a sync: all of it is kept, or nothing. */
export interface SyncUnit {
  in?: TransactionSql
  /** Notes items, no id twice, as seen, and in which pass. Resolves with the ids of those that are new or newer. */
  see(items: readonly Seen[], order: VersionOrder, pass?: string): Promise<Set<string>>
  /** How many are known, and how many of them a pass has not seen. */
  count(pass: string): Promise<{ known: number; unseen: number }>
  /** At most so many that a pass has not seen are known no more; resolves with their ids. Those that were buried and not seen are forgotten too. */
  forgetUnseen(pass: string, limit: number): Promise<string[]>
  /** Is known no more. */
  forget(id: string): Promise<void>
  /** Notes it as removed at a version, so that an older one does not bring it back. False when a newer one is known. */
  bury(item: Seen, order: VersionOrder): Promise<boolean>
  state(): Promise<string | undefined>
  save(state: string): Promise<void>
}

/** `fence` grows with each taking. */
export interface Held {
  fence: number
  leaseMs: number
}

/** Rejects with SyncError. */
export interface SyncStore {
  /** Takes the sync for a time; undefined while another has it. */
  take(sync: string, leaseMs: number): Promise<(Held & { state?: string }) | undefined>
  /** False when another has taken it. */
  renew(sync: string, held: Held): Promise<boolean>
  release(sync: string, held: Held): Promise<void>
  read(sync: string): Promise<{ state?: string; running: boolean }>
  /** By its holder it renews too, before and after, keeps others from taking the sync while it lasts, and rejects with `SYNC_LOST` when another has taken the sync. An error of the work passes unchanged. */
  unit<T>(sync: string, held: Held | undefined, work: (unit: SyncUnit) => Promise<T>): Promise<T>
  close(): Promise<void>
}
