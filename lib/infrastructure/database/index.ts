export type { ForeignPgPool } from './adapters/adopted-pool.ts'
export type { PostgresDatabase, Sql } from './adapters/postgres.ts'
export { translated as toDatabaseError } from './adapters/postgres-error.ts'
export { type DatabaseConfig, databaseConfig } from './config.ts'
export { adoptPgPool, adoptPostgresJs, createDatabase, type DatabaseSettings } from './create.ts'
export { type StatementOrigins, statementOrigins } from './origin/ambient.ts'
export { type CallerOrigin, originComment, originIn, withOrigin, withoutOrigin } from './origin/comment.ts'
export { databasePlace } from './place.ts'
export {
  type Database,
  DatabaseError,
  type DatabaseErrorCode,
  type DatabaseRegistry,
  type DatabaseStats,
  type HeldConnectionReport,
  type HostsReport,
  type ReplicaReport,
  type StatementReport,
} from './port.ts'
export { createDatabaseRegistry } from './registry.ts'
export { type EntityChange, entityChanges } from './repository/audit-trail.ts'
export {
  BaseDrizzleRepository,
  type DrizzleDefinition,
  defineDrizzleEntity,
} from './repository/base-drizzle-repository.ts'
export { comparableValue } from './repository/comparable-value.ts'
export { createRepositories, type DrizzleRepositories } from './repository/create.ts'
export type { Change, New, ScopeOf } from './repository/definition.ts'
export { auditMigrations } from './repository/migrations.ts'
export {
  type BulkOptions,
  type Comparison,
  type EntityDefinition,
  type EntityId,
  type Filter,
  type ListOptions,
  type Page,
  type Removed,
  type Repository,
  RepositoryError,
  type RepositoryErrorCode,
  type RepositoryScope,
  type Sort,
} from './repository/port.ts'
export type {
  ChangeKind,
  Condition,
  FieldCondition,
  Managed,
  Row,
  RowStore,
  SelectedRow,
  Selection,
} from './repository/row-store.ts'
export { type RepositoryParts, ScopedRepository } from './repository/scoped-repository.ts'
export { literalsAsParameters, maskLiterals } from './statements/mask-literals.ts'
export { createTransactions } from './transactions/create.ts'
export type { DrizzleTransactions } from './transactions/drizzle-transactions.ts'
export {
  type AdvisoryLocks,
  type IsolationLevel,
  type PreparedTransaction,
  type RollbackReason,
  type Transaction,
  TransactionError,
  type TransactionErrorCode,
  type TransactionHooks,
  type TransactionOptions,
  type Transactions,
  type TwoPhase,
} from './transactions/port.ts'
