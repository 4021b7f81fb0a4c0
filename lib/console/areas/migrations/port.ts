import type {
  DownOptions,
  MigrationDone,
  MigrationStatus,
  UpOptions,
} from '../../../infrastructure/migrations/index.ts'
import type { Part } from '../../platform/part/part.ts'

/** A watched database with a folder of migrations. */
export interface MigrationDatabase {
  readonly name: string
  /** Without credentials. */
  readonly address: string
  readonly folder: string
  /** Where it stands, at most `maxAge` ms old (0: asked anew). Never rejects; the last standing known is `stale` when it cannot be read. */
  read(maxAge?: number): Promise<Part<MigrationStatus>>
  /** Where it stands now; rejects with MigrationError or DatabaseError. */
  status(): Promise<MigrationStatus>
  up(options: UpOptions): Promise<MigrationDone[]>
  down(options: DownOptions): Promise<MigrationDone[]>
}

/** The migrations of every watched database of an environment. */
export interface WatchedMigrations {
  readonly databases: readonly MigrationDatabase[]
  /** Watched databases for which no folder was named. */
  readonly without: readonly string[]
  find(name: string): MigrationDatabase | undefined
  /** Looks again by itself while somebody looks, and announces what has changed. */
  start(): void
  close(): Promise<void>
}
