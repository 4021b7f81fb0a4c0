export { adoptCockatiel, type CockatielBreaker, type CockatielDetails } from './adapters/adopt-cockatiel.ts'
export { adoptOpossum, type OpossumBreaker, type OpossumDetails } from './adapters/adopt-opossum.ts'
export { fileBreakerStore } from './adapters/file-store.ts'
export { type RedisBreakerStoreOptions, redisBreakerStore } from './adapters/redis-store.ts'
export {
  type Bulkhead,
  type BulkheadLimits,
  type BulkheadOptions,
  type BulkheadReport,
  createBulkhead,
} from './bulkhead.ts'
export { type BreakerDecorator, WithCircuitBreaker } from './decorator.ts'
export { compose, guarded, timeout, withBreaker, withRetry, withTimeout } from './execution.ts'
export { createFailover } from './failover.ts'
export * from './failover-port.ts'
export { createHedge, type Hedge, type HedgeOptions, type HedgeReport } from './hedge.ts'
export { type Held, Hold, type HoldOptions } from './hold.ts'
export type {
  LimitChange,
  Policy,
  PolicyCall,
  PolicyOptions,
  PolicyReport,
} from './policy.ts'
export type { PolicyLimits } from './policy-limits.ts'
export { createPolicyRegistry, type PolicyDependencies, type PolicyRegistry } from './policy-registry.ts'
export * from './port.ts'
export {
  createRateLimit,
  type RateLimit,
  type RateLimitOptions,
  type RateLimitReport,
  type RateLimits,
} from './rate-limit.ts'
export { BulkheadFullError, isNotCalled, PolicyOptionsError, RateLimitedError } from './refusals.ts'
export { type BreakerRegistryOptions, createBreakerRegistry } from './registry.ts'
export { type Backoff, type RetryOptions, retry } from './retry.ts'
export { createRetryBudget, type RetryBudget, type RetryBudgetOptions, type RetryBudgetReport } from './retry-budget.ts'
