export type { PostgresDatabase, Sql } from './adapters/postgres.ts'
export { translated as toDatabaseError } from './adapters/postgres-error.ts'
export { type DatabaseConfig, databaseConfig } from './config.ts'
export { createDatabase, type DatabaseSettings } from './create.ts'
export { databasePlace } from './place.ts'
export {
  type Database,
  DatabaseError,
  type DatabaseErrorCode,
  type DatabaseRegistry,
  type DatabaseStats,
} from './port.ts'
export { createDatabaseRegistry } from './registry.ts'
export { createTransactions, type DrizzleTransactions } from './transactions/create.ts'
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
