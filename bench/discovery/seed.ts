import type { Redis } from 'ioredis'

const AT_ONCE = 5_000

/** Keys as services have them: sessions, carts, and jobs of no queue. */
export async function seedUnrelated(redis: Redis, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const pairs: string[] = []
    for (let at = from; at < Math.min(count, from + AT_ONCE); at++)
      pairs.push(`${['session', 'cart', 'shop:product'][at % 3]}:${at}:meta-${at % 7}`, `value ${at}`)
    await redis.mset(...pairs)
  }
}
