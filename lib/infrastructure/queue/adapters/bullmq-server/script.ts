import type { Redis } from 'ioredis'
import { scriptSha } from '../../../../core/redis-script.ts'

export type Script<Answer> = (
  redis: Redis,
  keys: readonly string[],
  args?: readonly (string | number)[],
) => Promise<Answer>

/** A Lua script; its text is sent only when Redis does not have it yet. */
export function script<Answer>(source: string): Script<Answer> {
  return async (redis, keys, args = []) => {
    try {
      return (await redis.evalsha(scriptSha(source), keys.length, ...keys, ...args)) as Answer
    } catch (error) {
      // An account may be allowed EVAL and not EVALSHA.
      if (!/NOSCRIPT|NOPERM.*evalsha/i.test((error as Error).message)) throw error
      return (await redis.eval(source, keys.length, ...keys, ...args)) as Answer
    }
  }
}
