import type { Redis } from 'ioredis'

/** A shopper who has not been seen for so long is another one (s). */
const KEPT_FOR = 900

export interface Sessions {
  /** Notes that a shopper looked at something. Never fails: a shop without sessions still sells. */
  seen(shopper: number, product: number): Promise<void>
}

/** What shoppers looked at last, in a Redis of its own: when it is full or down, only they are affected. */
export function sessions(redis: Redis): Sessions {
  return {
    async seen(shopper, product) {
      const key = `session:${shopper}`
      await redis
        .multi()
        .lpush(key, product)
        .ltrim(key, 0, 19)
        .expire(key, KEPT_FOR)
        .exec()
        .catch(() => undefined)
    },
  }
}
