export type { MigrationsConfig } from './adapters/umzug.ts'
export { createMigrations, type MigrationsSettings } from './create.ts'
export { libraryMigrations, type StoredCapability } from './library.ts'
export { describeFinding, findingsAbout, obstacleOf, planDown, planUp } from './migration-state.ts'
export { describeOwner } from './owner.ts'
export {
  type CapabilityMigration,
  type DownOptions,
  type Finding,
  type InvalidIndex,
  type JournalRow,
  type LockOwner,
  type MigrateOptions,
  type MigrationCollection,
  type MigrationDone,
  type MigrationEntry,
  MigrationError,
  type MigrationErrorCode,
  type MigrationFile,
  type MigrationOutput,
  type MigrationScript,
  type MigrationSource,
  type MigrationState,
  type MigrationStatus,
  type Migrations,
  type UpOptions,
} from './port.ts'
export type { MigrationStatement } from './statements/describe.ts'
export type { LockForecast } from './statements/locks.ts'
