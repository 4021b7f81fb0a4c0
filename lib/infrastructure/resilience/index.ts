export { adoptCockatiel, type CockatielBreaker, type CockatielDetails } from './adapters/adopt-cockatiel.ts'
export { adoptOpossum, type OpossumBreaker, type OpossumDetails } from './adapters/adopt-opossum.ts'
export { fileBreakerStore } from './adapters/file-store.ts'
export { type RedisBreakerStoreOptions, redisBreakerStore } from './adapters/redis-store.ts'
export { type BreakerDecorator, WithCircuitBreaker } from './decorator.ts'
export {
  compose,
  guarded,
  type RetryOptions,
  retry,
  timeout,
  withBreaker,
  withRetry,
  withTimeout,
} from './execution.ts'
export * from './port.ts'
export { type BreakerRegistryOptions, createBreakerRegistry } from './registry.ts'
