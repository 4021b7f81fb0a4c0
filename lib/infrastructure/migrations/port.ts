import { InfrastructureError } from '../../core/errors.ts'
import type { MigrationStatement } from './statements/describe.ts'

/**
 * What went wrong, for programs:
 * `FOLDER` the files cannot be read or contradict each other; `JOURNAL` there is none yet and making one was not asked for, or it cannot
 * be understood; `LOCKED` somebody else is migrating; `POOLED` the address leads through a pooler; `FINDINGS` history and files disagree
 * and nobody said to go on; `UNRUNNABLE` a migration can never run from here (no way back, transaction control, …); `UNKNOWN` there is no
 * migration of that name; `FAILED` Postgres refused a statement; `ABORTED` the caller's signal; `DENIED` the account lacks rights;
 * `UNRECORDED` what runs outside a transaction was done, and its line in the journal could not be written or removed.
 */
export type MigrationErrorCode = `MIGRATION_${
  | 'FOLDER'
  | 'JOURNAL'
  | 'LOCKED'
  | 'POOLED'
  | 'FINDINGS'
  | 'UNRUNNABLE'
  | 'UNKNOWN'
  | 'FAILED'
  | 'ABORTED'
  | 'DENIED'
  | 'UNRECORDED'}`

/** Those in `done` were finished before the migration it names, and stay. */
export class MigrationError extends InfrastructureError {
  override readonly code: MigrationErrorCode
  readonly migration: string | undefined
  /**
   * What of the migration it names is in the database: `some`, of one that runs outside a transaction and did not come to its end; `all`,
   * though the journal does not say so; `unknown`, when the connection broke and Postgres may have gone on.
   */
  readonly left: 'nothing' | 'some' | 'all' | 'unknown'
  readonly done: readonly MigrationDone[]
  /** For `LOCKED`. */
  readonly owner: LockOwner | undefined

  constructor(
    message: string,
    options: {
      code: MigrationErrorCode
      migration?: string
      left?: MigrationError['left']
      done?: readonly MigrationDone[]
      owner?: LockOwner
      nextStep?: string
      cause?: unknown
    },
  ) {
    super(message, { ...options, retryable: options.code === 'MIGRATION_LOCKED' })
    this.code = options.code
    this.migration = options.migration
    this.left = options.left ?? 'nothing'
    this.done = options.done ?? []
    this.owner = options.owner
  }
}

/** `folder`: `NNNN_name.sql` with a journal of our own. `drizzle`: meta/_journal.json with drizzle's own table. */
export type MigrationSource = 'folder' | 'drizzle'

/** One direction of a migration. */
export interface MigrationScript {
  sql: string
  statements: MigrationStatement[]
  /** SHA-256 of the text, in hex. */
  checksum: string
  /** Postgres takes its one statement only outside a transaction. */
  alone: boolean
  /** Why it cannot be run, in words that go on after its name: `mixes …`. */
  problem?: string
}

/** A migration as the folder has it. */
export interface MigrationFile {
  name: string
  up: MigrationScript
  /** Absent: there is no way back. */
  down?: MigrationScript
  /** drizzle's `when` (ms), by which its journal knows the migration. */
  when?: number
}

/** A line of the journal. */
export interface JournalRow {
  /** Absent in drizzle's journal. */
  name?: string
  checksum: string
  /** drizzle's `created_at`, which is the file's `when`, not a time at which anything was run. */
  when?: number
  appliedAt?: number
  appliedBy?: string
  durationMs?: number
}

/** `drifted`: applied, and the file was changed since; `missing`: applied, and the file is gone. */
export type MigrationState = 'applied' | 'pending' | 'drifted' | 'missing'

export interface MigrationEntry {
  name: string
  state: MigrationState
  /** Pending, though one that comes after it is applied. */
  outOfOrder: boolean
  /** Absent for `missing`. */
  file?: MigrationFile
  /** Absent for `pending`. */
  applied?: JournalRow
}

/** Whoever holds the lock under which migrations run. What the account may not see of other sessions is absent. */
export interface LockOwner {
  pid: number
  /** Its application name; a runner puts there who asked it. */
  application: string
  account?: string
  address?: string
  /** Since when its connection stands (ms): a runner takes the lock as soon as it is connected. */
  since?: number
}

/** An index that a build left behind: writes still pay for it, and no query uses it. */
export interface InvalidIndex {
  schema: string
  name: string
  table: string
  /** A build is under way, so it may yet become valid. */
  building: boolean
}

/** Where a database stands. Reading it writes nothing. */
export interface MigrationStatus {
  source: MigrationSource
  folder: string
  journal: { schema: string; table: string; exists: boolean }
  /** In the order in which they run; those whose file is missing stand where they were applied, last if that is not known. */
  migrations: MigrationEntry[]
  /** Files beside them that are no migrations, and why. */
  ignored: { file: string; why: string }[]
  lock?: LockOwner
  invalidIndexes: InvalidIndex[]
  /** Tables that are there already: with no journal, somebody else made them. */
  foreignTables: number
  /** The address leads through a pooler: a session's lock could not be kept there. */
  pooled: boolean
  account: string
  /** What the account lacks, with what to grant. Empty when it can run everything that could be looked at. */
  lacks: { right: string; grant: string }[]
}

export interface MigrationDone {
  name: string
  direction: 'up' | 'down'
  durationMs: number
}

/** What happens while it runs, as it happens. */
export type MigrationOutput =
  | { kind: 'begun'; migration: string; direction: 'up' | 'down'; statements: number }
  | { kind: 'statement'; migration: string; index: number; of: number; statement: MigrationStatement }
  | { kind: 'executed'; migration: string; index: number; of: number; durationMs: number; rows?: number }
  /** What Postgres itself said meanwhile: `NOTICE`, `WARNING`, … */
  | { kind: 'notice'; migration: string; severity: string; message: string }
  | { kind: 'note'; migration: string; message: string }
  | { kind: 'finished'; migration: string; direction: 'up' | 'down'; durationMs: number }
  | { kind: 'failed'; migration: string; direction: 'up' | 'down'; message: string }

/** Disagreements between files and journal that a run may be told to go on despite. */
export type Finding = 'drifted' | 'missing' | 'out-of-order'

export interface MigrateOptions {
  /** Who asks: stands in the journal, and in the lock's application name while it runs. */
  by: string
  /** Aborting cancels the statement under way and leaves nothing of its migration, unless that runs outside a transaction. */
  signal?: AbortSignal
  /** Told what is about to be run, as it will be sent: under the lock, before anything is touched. What it throws refuses it. */
  confirm?: (plan: readonly MigrationEntry[]) => void
  onOutput?: (output: MigrationOutput) => void
  /** Findings with which it goes on all the same. */
  despite?: readonly Finding[]
  /** How long to wait for somebody else's lock (ms); 0, the default, refuses at once. */
  waitMs?: number
}

export interface UpOptions extends MigrateOptions {
  /** The last one to run; default: all. */
  to?: string
  /** Makes the journal where there is none. Without it a database without journal is refused. */
  createJournal?: boolean
}

export interface DownOptions extends MigrateOptions {
  /** Everything after this one is rolled back; `null`: everything. */
  to: string | null
}

/** The migrations of one database. */
export interface Migrations {
  /** Rejects with MigrationError (`FOLDER`, `JOURNAL`) or DatabaseError. Writes nothing, takes no lock. */
  status(): Promise<MigrationStatus>
  /**
   * Runs what is pending, each with its journal row in one transaction. Resolves with what was run, an empty list when there was nothing to
   * do; rejects with MigrationError, or DatabaseError when the database could not be asked.
   */
  up(options: UpOptions): Promise<MigrationDone[]>
  /** Rolls back, the newest first, by the `.down.sql` files; refuses before it begins when one of them is missing. */
  down(options: DownOptions): Promise<MigrationDone[]>
  close(): Promise<void>
}
