import type { TransactionSql } from 'postgres'
import { InfrastructureError } from '../../core/errors.ts'
import type { RetryOptions } from '../resilience/index.ts'

export interface SyncPage<Item> {
  items: readonly Item[]
  /** Where the next page begins; absent on the last one. It is kept, so that an interrupted pass continues here. */
  next?: string
  /** How many items the pass has in all, where the source says so. */
  total?: number
}

export interface PullRequest {
  /** Absent for the first page. */
  page?: string
  /** Incremental: the mark up to which everything was pulled; absent in the first pass. The source answers what has this mark or a later one. */
  since?: SyncMark
  signal: AbortSignal
}

/** Grows with each change of an item, such as its time of change, a revision or a ULID: texts are compared by their bytes in UTF-8, numbers by size. */
export type SyncMark = string | number

export interface ApplyContext {
  /** Of the store's Postgres: what is written in it is kept exactly if the sync notes the items. Absent with a store in memory. */
  in?: TransactionSql
  signal: AbortSignal
}

export interface SyncDefinition<Item> {
  /** Unique in the database: 1 to 100 letters, digits, `.`, `_` and `-`. */
  name: string
  /** `full` pulls everything in each pass, and removes what the source no longer has; `incremental` pulls what changed since the last pass. */
  strategy: 'full' | 'incremental'
  /** One page of the outside API. An error with `retryAfterMs` (of a rate limit) is not retried before that. */
  pull(request: PullRequest): Promise<SyncPage<Item>>
  /** Stores items, each new or newer than what was stored before. Without `in` it may get the same items twice after a crash. */
  apply(items: readonly Item[], context: ApplyContext): Promise<unknown>
  /** Removes what the source no longer has. Without it nothing is removed. */
  remove?(ids: readonly string[], context: ApplyContext): Promise<unknown>
  id(item: Item): string
  /**
   * The version of an item: one that is not newer than the version stored is not applied, whichever way it comes. All of a sync are texts, or
   * all are numbers. Without it an item is applied when its content differs from the one stored, and the last to come wins; `incremental` needs it.
   */
  version?(item: Item): SyncMark
  /** What the source is asked for instead of the mark, to look further back: for a source that shows changes late. */
  since?(mark: SyncMark): SyncMark
  /** Of each pull. 5 attempts from 1 s to 60 s by default; tried again are 429, 5xx, network errors, and errors with `retryable` or `retryAfterMs`. */
  retry?: RetryOptions
  /**
   * The largest share of the items known that one full pass may remove. By default 0.5, or ten items where that is more, but never all. Above it
   * nothing is removed and the pass fails with `SYNC_REMOVES_MOST`: an API that answers an empty list is more often broken than empty.
   */
  maxRemovedShare?: number
  /** A process that has not shown for this long that it is alive counts as crashed, and another may run the sync (ms); 30,000 by default. */
  leaseMs?: number
}

export interface SyncProgress {
  /** When the pass began (ms since the epoch); a continued one began with its first run. */
  startedAt: number
  pages: number
  items: number
  /** Applied, since they were new or newer. */
  changed: number
  removed: number
  /** Where the source says so. */
  total?: number
}

export interface SyncState {
  /** `deferred`: the source asked to wait until `retryAt`. `interrupted`: the next run continues the pass. `never`: it has not run yet. */
  status: 'never' | 'running' | 'completed' | 'failed' | 'deferred' | 'interrupted'
  /** Everything up to this mark was pulled. Only incremental. */
  mark?: SyncMark
  /** Of the pass that is running, or that the next run continues. */
  pass?: SyncProgress
  lastCompleted?: SyncProgress & { endedAt: number }
  lastError?: { at: number; message: string }
  retryAt?: number
}

export type SyncRun =
  | (SyncProgress & { status: 'completed'; endedAt: number })
  /** Its signal aborted: the next run continues. */
  | (SyncProgress & { status: 'interrupted' })
  /** The source limits the rate for longer than the retries wait. Until `retryAt` a run does not call it. */
  | { status: 'deferred'; retryAt: number }
  /** Another process runs it. */
  | { status: 'busy' }

/** One kind of items that is pulled from outside. Its methods reject with SyncError, or with the error of `pull`, `apply` or `remove`. */
export interface Sync<Item> {
  readonly name: string
  /** Runs a pass, or continues the one that was interrupted. One process at a time does. */
  run(options?: { signal?: AbortSignal; onProgress?(progress: SyncProgress): void }): Promise<SyncRun>
  /**
   * Applies what a webhook brought, also while a pass runs; an older version than the one stored is dropped. Resolves with how many were
   * applied. What a webhook missed, the next pass finds.
   */
  receive(items: readonly Item[]): Promise<number>
  /** Removes what a webhook said is gone. With its version, an older item that a pass still brings is not applied again. */
  receiveRemoval(id: string, version?: SyncMark): Promise<boolean>
  state(): Promise<SyncState>
  /** The next run begins from nothing: mark and interrupted pass are forgotten, the versions stored are not. `SYNC_BUSY` while it runs. */
  restart(): Promise<void>
}

export interface Syncs {
  define<Item>(definition: SyncDefinition<Item>): Sync<Item>
  /** Interrupts the runs of this process, and waits for the page under way. */
  close(): Promise<void>
}

/**
 * `OPTIONS` a definition or an item is invalid; `BUSY` it runs; `LOST` another process has taken over, nothing of this page was kept;
 * `REMOVES_MOST` see `maxRemovedShare`; `UNREACHABLE` the store does not answer; `REFUSED` by it, such as a missing table; `CLOSED`.
 */
export type SyncErrorCode =
  `SYNC_${'OPTIONS' | 'BUSY' | 'LOST' | 'REMOVES_MOST' | 'UNREACHABLE' | 'REFUSED' | 'CLOSED'}`

export class SyncError extends InfrastructureError {
  override readonly code: SyncErrorCode
  constructor(
    message: string,
    options: { code: SyncErrorCode; retryable?: boolean; nextStep?: string; cause?: unknown },
  ) {
    super(message, options)
    this.code = options.code
  }
}

/** Thrown by `pull`: the source does not know the page any more. The pass begins again from its first page, once a run. */
export class PageExpiredError extends InfrastructureError {
  override readonly code = 'SYNC_PAGE_EXPIRED'
}
