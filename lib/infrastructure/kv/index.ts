export { type PostgresAccess, postgresAccess } from './adapters/postgres-access.ts'
export { type RedisAccess, redisAccess } from './adapters/redis-access.ts'
export { type KvConfig, kvConfig } from './config.ts'
export { createKeyValue, type KvDependencies } from './create.ts'
export { kvMigrations } from './migrations.ts'
export {
  type KeyValue,
  type KeyValueStore,
  type KvEntry,
  KvError,
  type KvErrorCode,
  type KvLock,
  type KvLockOptions,
  type KvPushOptions,
  type KvSetOptions,
} from './port.ts'
