export { type IdempotencyConfig, idempotencyConfig } from './config.ts'
export { createIdempotency, type IdempotencyDependencies } from './create.ts'
export { idempotencyMigrations } from './migrations.ts'
export {
  type DedupeOptions,
  type Idempotency,
  IdempotencyError,
  type IdempotencyErrorCode,
  type IdempotencyRecord,
  type IdempotentOptions,
  type KeptFailure,
  type PostgresIdempotency,
  type RunOptions,
  type TransactionContext,
  type WorkContext,
} from './port.ts'
