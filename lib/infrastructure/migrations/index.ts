export type { Connection } from './adapters/connection.ts'
export { blockersOf } from './adapters/inspect.ts'
export { progressOf } from './adapters/progress.ts'
export type { MigrationsConfig } from './adapters/runner.ts'
export type { SeedOptions } from './adapters/seeds.ts'
export type { Squashed } from './adapters/squash.ts'
export { createMigrations, type MigrationsSettings, openConnection, seedDatabase, squashMigrations } from './create.ts'
export type { SchemaDifference } from './drift/schema.ts'
export { LOCK_MODES, type LockForecast, type LockMode, type LockWork, type StatementForecast } from './forecast.ts'
export { libraryMigrations, type StoredCapability } from './library.ts'
export {
  describeFinding,
  findingsAbout,
  obstacleOf,
  planDown,
  planUp,
  remarksAbout,
  runnable,
} from './migration-state.ts'
export { describeOwner } from './owner.ts'
export {
  type BaselineOptions,
  type CapabilityMigration,
  type DownOptions,
  type DryMigration,
  type DryRun,
  type Finding,
  type InvalidIndex,
  type JournalRow,
  type LockBlocker,
  type LockImpact,
  type LockOwner,
  type MigrateOptions,
  type MigrationCollection,
  type MigrationDone,
  type MigrationEntry,
  MigrationError,
  type MigrationErrorCode,
  type MigrationFile,
  type MigrationImpact,
  type MigrationOutput,
  type MigrationScript,
  type MigrationSource,
  type MigrationState,
  type MigrationStatus,
  type Migrations,
  type SchemaDrift,
  type StatementImpact,
  type UpOptions,
} from './port.ts'
export type { MigrationStatement } from './statements/describe.ts'
