import { InfrastructureError } from '../../core/errors.ts'
import type { SchemaDifference } from './drift/schema.ts'
import type { LockMode, LockWork } from './forecast.ts'
import type { MigrationStatement } from './statements/describe.ts'

/**
 * What went wrong, for programs:
 * `FOLDER` the files cannot be read or contradict each other; `JOURNAL` there is none yet and creating one was not allowed, or it cannot
 * be understood; `LOCKED` another session is migrating; `POOLED` the address leads through a pooler; `FINDINGS` history and files differ,
 * and going on was not allowed; `UNRUNNABLE` a migration can never be run here (no down file, transaction control, …); `UNKNOWN` there
 * is no migration of that name; `FAILED` Postgres refused a statement; `ABORTED` by the caller's signal; `DENIED` the account lacks
 * rights; `UNRECORDED` a statement outside a transaction was done, but its line in the journal could not be written or removed.
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

/** Those finished before the migration that failed; they stay. */
export class MigrationError extends InfrastructureError {
  override readonly code: MigrationErrorCode
  readonly migration: string | undefined
  /**
   * How much of the failed migration is in the database: `some`, of one outside a transaction that was interrupted; `all`,
   * though it is not in the journal; `unknown`, when the connection broke and Postgres may have gone on.
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

/** `folder`: `NNNN_name.sql` with our journal. `drizzle`: meta/_journal.json with drizzle's table. */
export type MigrationSource = 'folder' | 'drizzle'

/** Migrations that are text in a program instead of files: what the library's capabilities keep in a service's database. */
export interface MigrationCollection {
  /** Takes the folder's place in reports. */
  readonly name: string
  /** Its journal; capabilities of one collection share it, and one that is not asked for now is left as it is. */
  readonly journal: { schema: string; table: string }
  readonly capabilities: readonly { capability: string; migrations: readonly CapabilityMigration[] }[]
}

/** `name` is `NNNN_name`; the journal records it behind the capability: `kv_0001_entries`. */
export interface CapabilityMigration {
  readonly name: string
  readonly up: string
  readonly down: string
}

/** One direction of a migration. */
export interface MigrationScript {
  sql: string
  statements: MigrationStatement[]
  /** SHA-256 of the text, in hex. */
  checksum: string
  /** Its only statement runs outside a transaction, as Postgres requires. */
  alone: boolean
  /** Why it cannot be run, as the end of a sentence that begins with its name. */
  problem?: string
  /** It adds a value to an enum and seems to use it: Postgres refuses that within one transaction, unless that also creates the enum. */
  enumTrap?: { type: string; value: string; addedIn: number; usedIn: number }
}

/** The files of a migration. */
export interface MigrationFile {
  name: string
  up: MigrationScript
  /** Absent: there is no down file. */
  down?: MigrationScript
  /** drizzle's `when` (ms), by which its journal identifies the migration. */
  when?: number
  /** drizzle-kit's newer layout, in which drizzle's journal identifies it by its name. */
  stamped?: boolean
  /** The capability of the library it belongs to; order matters only within one. */
  capability?: string
  /** Squashed: it takes the place of these, so where all of them are applied it is, too. */
  replaces?: readonly { name: string; checksum: string }[]
}

/** A line of the journal. */
export interface JournalRow {
  /** Absent in drizzle's older journal. */
  name?: string
  checksum: string
  /** drizzle's `created_at`, which is the file's `when`, not the time of the run. */
  when?: number
  appliedAt?: number
  appliedBy?: string
  durationMs?: number
}

/** `drifted`: applied, and the file was changed since; `missing`: applied, and the file does not exist. */
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
  /** Applied through the migrations that it replaces: their lines. */
  appliedThrough?: readonly JournalRow[]
  /** Pending, though some of those that it replaces are applied: these are not, and it cannot be run. */
  lacksReplaced?: readonly string[]
  /** Pending, and drizzle's own `migrate()` would pass over it in silence: its stamp is not later than that of this applied one. */
  passedOverBy?: string
}

/** The holder of the lock under which migrations run. What the account may not see of other sessions is absent. */
export interface LockOwner {
  pid: number
  /** Its application name, which contains who started the run. */
  application: string
  account?: string
  address?: string
  /** Since when it is connected (ms); a runner takes the lock as soon as it is connected. */
  since?: number
}

/** An INVALID index that a failed build left behind: writes still update it, but no query uses it. */
export interface InvalidIndex {
  schema: string
  name: string
  table: string
  /** A build is under way, so it may become valid. */
  building: boolean
}

/** The state of a database. Reading it writes nothing. */
export interface MigrationStatus {
  source: MigrationSource
  folder: string
  journal: { schema: string; table: string; exists: boolean }
  /** In the order in which they run; those whose file is missing are where they were applied, or last if that is not known. */
  migrations: MigrationEntry[]
  /** Files in the folder that are not migrations, and why. */
  ignored: { file: string; why: string }[]
  lock?: LockOwner
  invalidIndexes: InvalidIndex[]
  /** Number of existing tables; without a journal, another tool created them. */
  foreignTables: number
  /** The address leads through a pooler, where a session's lock cannot be kept. */
  pooled: boolean
  account: string
  /** The rights that the account lacks, with the grants. Empty when none is known to be missing. */
  lacks: { right: string; grant: string }[]
}

export interface MigrationDone {
  name: string
  direction: 'up' | 'down'
  durationMs: number
}

/** The events of a run, as they happen. */
export type MigrationOutput =
  | { kind: 'begun'; migration: string; direction: 'up' | 'down'; statements: number }
  | { kind: 'statement'; migration: string; index: number; of: number; statement: MigrationStatement }
  /** How far the server is with a statement, where it counts that (builds of indexes, CLUSTER, VACUUM), at most once a second. */
  | { kind: 'progress'; migration: string; index: number; of: number; phase: string; done: number; total: number }
  | { kind: 'executed'; migration: string; index: number; of: number; durationMs: number; rows?: number }
  /** A message of Postgres: `NOTICE`, `WARNING`, … */
  | { kind: 'notice'; migration: string; severity: string; message: string }
  | { kind: 'note'; migration: string; message: string }
  | { kind: 'finished'; migration: string; direction: 'up' | 'down'; durationMs: number }
  | { kind: 'failed'; migration: string; direction: 'up' | 'down'; message: string }

/** Differences between files and journal; a run can be allowed to go on despite them. */
export type Finding = 'drifted' | 'missing' | 'out-of-order'

export interface MigrateOptions {
  /** Who runs it: recorded in the journal, and in the application name of the lock's session. */
  by: string
  /** Aborting cancels the statement under way and leaves nothing of its migration, unless that runs outside a transaction. */
  signal?: AbortSignal
  /** Called with the plan under the lock, before anything is changed; the run is refused when it throws. */
  confirm?: (plan: readonly MigrationEntry[]) => void
  onOutput?: (output: MigrationOutput) => void
  /** Findings despite which it goes on. */
  despite?: readonly Finding[]
  /** How long to wait while another session has the lock (ms); 0, the default, refuses at once. */
  waitMs?: number
  /** For this run, in place of the configured ones: how long a statement waits for a lock of a table (ms), and how often it is tried. */
  lockTimeoutMs?: number
  lockAttempts?: number
}

/** What a dry run found. Nothing of it is left in the database. */
export interface DryRun {
  migrations: DryMigration[]
  /** How long the transaction was open, and so held its locks (ms). */
  durationMs: number
}

/** `skipped`: it runs outside a transaction, or comes after one that failed. */
export interface DryMigration {
  name: string
  outcome: 'ran' | 'failed' | 'skipped'
  statements: { line: number; verb: string; durationMs: number; rows?: number }[]
  /** Why it failed or was skipped, as a sentence. */
  message?: string
}

export interface UpOptions extends MigrateOptions {
  /** The last one to run; default: all. */
  to?: string
  /** Creates the journal if there is none. Without this option, a database without a journal is refused. */
  createJournal?: boolean
  /** All in one transaction, as drizzle runs them: all or nothing. Refused where one has to run outside a transaction. */
  together?: boolean
}

/** Where the live database differs from what is declared. Tables that are not declared are not looked at: others may share the database. */
export type SchemaDrift =
  | { known: true; declaredIn: string; tables: number; differences: SchemaDifference[] }
  | { known: false; why: string }

/** What a pending migration would do to the database as it is now. */
export interface MigrationImpact {
  name: string
  /** Those that lock something that exists, in their order. */
  statements: StatementImpact[]
}

export interface StatementImpact {
  line: number
  verb: string
  locks: LockImpact[]
  advice?: string
  /** Sessions that it would have to wait for at this moment. */
  blockers: LockBlocker[]
}

/** A lock on a table that exists. */
export interface LockImpact {
  /** `schema.table`; of a statement about an index, the index's table. */
  table: string
  mode: LockMode
  /** By the column's type now, where that decides whether the table is rewritten. */
  work: LockWork
  words: string
  /** Estimated by the server, as of its last ANALYZE; absent where there was none. */
  rows?: number
  /** Of the table without its indexes, and of these. */
  bytes: number
  indexBytes: number
  /** Rows written per second: measured since the last reading, or on average since the server's statistics were reset. */
  writesPerSecond?: number
  /** It takes at least this long (ms): reading all of it, at the rate at which a sample of it was read just now. */
  atLeastMs?: number
}

export interface LockBlocker {
  pid: number
  application: string
  account?: string
  state?: string
  /** How old its transaction is (ms). */
  transactionMs?: number
  /** What it holds; `snapshot`: it is older, and an index is built CONCURRENTLY only after it has ended. */
  holds: string
  table: string
}

export interface BaselineOptions extends Omit<MigrateOptions, 'despite' | 'onOutput'> {
  /** The last one whose effect the database has already. */
  to: string
  /** Goes on although tables are missing that these migrations create. */
  despiteMissingTables?: boolean
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
   * Runs what is pending, each with its journal row in one transaction. Resolves with what was run, an empty list when there was nothing
   * to do; rejects with MigrationError, or DatabaseError when the database could not be used. One that can never be run refuses itself
   * (`UNRUNNABLE`): those before it are run and are in the error's `done`.
   */
  up(options: UpOptions): Promise<MigrationDone[]>
  /** Rolls back, the newest first, with the `.down.sql` files; refuses before it begins when one of them is missing. */
  down(options: DownOptions): Promise<MigrationDone[]>
  /** Runs what is pending in one transaction that is rolled back, and measures it. It takes the same locks, until the rollback. */
  dryRun(options: Omit<UpOptions, 'createJournal' | 'together'>): Promise<DryRun>
  /** Records pending migrations as applied without running them: a database that has their effect already. Creates the journal. */
  baseline(options: BaselineOptions): Promise<string[]>
  /**
   * Compares the database with a snapshot of drizzle-kit: `generateDrizzleJson(schema)` of `drizzle-kit/api`, or, without one, that of the last applied
   * migration in the folder. Columns, types, defaults, keys, indexes and enums are compared; the text of expressions is not.
   */
  drift(options?: { snapshot?: unknown }): Promise<SchemaDrift>
  /**
   * What those that are pending would lock now, for how long at least, and who would be in the way. Runs nothing, takes no lock. `status`: one that was
   * read just now, which is then not read again.
   */
  impact(options?: { to?: string; status?: MigrationStatus }): Promise<MigrationImpact[]>
  close(): Promise<void>
}
