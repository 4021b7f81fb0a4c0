import type { Cluster, Redis } from 'ioredis'
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Tokens } from '../rate-limit.ts'

interface TokenOptions {
  name: string
  calls: number
  perMs: number
  burst: number
  redis?: Redis | Cluster
  /** Redis did not count: this process counts alone until it does again. */
  onAlone(alone: boolean): void
}

/** How much longer a burst takes to be allowed again than the limit itself. */
const BURST_WINDOWS = 10

/**
 * `calls` within `perMs` by rate-limiter-flexible, and on top of them `burst` within ten times that. In Redis where one is given; while
 * that fails, in memory, each process by itself.
 */
export function flexibleTokens({ name, calls, perMs, burst, redis, onAlone }: TokenOptions): Tokens {
  const limiterOf = (kind: string, points: number, durationMs: number) => {
    const options = { keyPrefix: `substation:limit:${name}:${kind}`, points, duration: durationMs / 1_000 }
    return redis
      ? { shared: new RateLimiterRedis({ ...options, storeClient: redis }), alone: new RateLimiterMemory(options) }
      : { alone: new RateLimiterMemory(options) }
  }
  const steady = limiterOf('steady', calls, perMs)
  const bursts = limiterOf('burst', burst, perMs * BURST_WINDOWS)
  const shared = steady.shared && bursts.shared ? { steady: steady.shared, bursts: bursts.shared } : undefined

  /** Of a set that holds nothing of a burst, the limiter itself: an attempt on the empty one would cost a round trip. */
  const consume = async (of: { steady: Limiter; bursts: Limiter }, key: string) => {
    const limiter = of.bursts.points > 0 ? new BurstyRateLimiter(of.steady, of.bursts) : of.steady
    try {
      await limiter.consume(key)
      return undefined
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext)
      throw refused
    }
  }
  const alone = { steady: steady.alone, bursts: bursts.alone }

  return {
    async take(key) {
      if (shared === undefined) return consume(alone, key)
      try {
        const wait = await consume(shared, key)
        onAlone(false)
        return wait
      } catch {
        onAlone(true)
        return consume(alone, key)
      }
    },
    setLimit(next) {
      for (const limiter of [steady.shared, steady.alone]) if (limiter) limiter.points = next.calls
      for (const limiter of [bursts.shared, bursts.alone]) if (limiter) limiter.points = next.burst
    },
  }
}

type Limiter = RateLimiterMemory | RateLimiterRedis
