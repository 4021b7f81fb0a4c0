export { adoptCockatiel, type CockatielBreaker, type CockatielDetails } from './adapters/adopt-cockatiel.ts'
export { adoptOpossum, type OpossumBreaker, type OpossumDetails } from './adapters/adopt-opossum.ts'
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
export { createBreakerRegistry } from './registry.ts'
