import type { Breaker, BreakerOptions, BreakerRegistry } from './port.ts'

/** A standard (TC39) decorator of methods that return promises, in classes whose instances are `This`. */
export type BreakerDecorator<This> = <Self extends This, Args extends unknown[], Result>(
  method: (this: Self, ...args: Args) => Promise<Result>,
  context: ClassMethodDecoratorContext<Self, (this: Self, ...args: Args) => Promise<Result>>,
) => (this: Self, ...args: Args) => Promise<Result>

/**
 * Runs a method behind a breaker: a given one, one of the registry, created with the class, or one that each instance
 * chooses. Like `guarded`, it passes no signal; to abort the call, use `execute` itself.
 *
 *     class Payments {
 *       @WithCircuitBreaker(breakers, { name: 'payments-api', policy, halfOpenAfterMs: 10_000 })
 *       async charge(order: Order) { … }
 *     }
 */
export function WithCircuitBreaker(registry: BreakerRegistry, options: BreakerOptions): BreakerDecorator<unknown>
export function WithCircuitBreaker(breaker: Breaker): BreakerDecorator<unknown>
export function WithCircuitBreaker<This>(choose: (self: This) => Breaker): BreakerDecorator<This>
export function WithCircuitBreaker<This>(
  source: BreakerRegistry | Breaker | ((self: This) => Breaker),
  options?: BreakerOptions,
): BreakerDecorator<This> {
  const breakerOf = chooserOf(source, options)
  return method =>
    async function (...args) {
      return breakerOf(this).execute(() => method.apply(this, args))
    }
}

function chooserOf<This>(
  source: BreakerRegistry | Breaker | ((self: This) => Breaker),
  options: BreakerOptions | undefined,
): (self: This) => Breaker {
  if (typeof source === 'function') return source
  const breaker = 'create' in source ? source.create(options as BreakerOptions) : source
  return () => breaker
}
