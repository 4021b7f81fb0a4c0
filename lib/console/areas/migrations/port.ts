import type {
  BaselineOptions,
  DownOptions,
  DryRun,
  MigrationDone,
  MigrationImpact,
  MigrationStatus,
  SchemaDrift,
  UpOptions,
} from '../../../infrastructure/migrations/index.ts'
import type { Part } from '../../platform/part/part.ts'

/** A watched database with a folder of migrations. */
export interface MigrationDatabase {
  readonly name: string
  /** Without credentials. */
  readonly address: string
  readonly folder: string
  /** Its status, at most `maxAge` ms old (0: read again). Never rejects; when it cannot be read, the last known status is `stale`. */
  read(maxAge?: number): Promise<Part<MigrationStatus>>
  /** Its status now; rejects with MigrationError or DatabaseError. */
  status(): Promise<MigrationStatus>
  up(options: UpOptions): Promise<MigrationDone[]>
  down(options: DownOptions): Promise<MigrationDone[]>
  dryRun(options: Omit<UpOptions, 'createJournal' | 'together'>): Promise<DryRun>
  baseline(options: BaselineOptions): Promise<string[]>
  /** What those up to `to` would lock now, by this status; rejects as `status` does. */
  impact(status: MigrationStatus, to?: string): Promise<MigrationImpact[]>
  /** Where the schema differs from what the migrations declare, at most a minute old. Never rejects. */
  drift(): Promise<Part<SchemaDrift>>
}

/** The migrations of every watched database of an environment. */
export interface WatchedMigrations {
  readonly databases: readonly MigrationDatabase[]
  /** Watched databases without a folder of migrations. */
  readonly without: readonly string[]
  find(name: string): MigrationDatabase | undefined
  /** Reads regularly while someone is looking, and announces changes. */
  start(): void
  close(): Promise<void>
}
