import type { Redis } from 'ioredis'
import type { SlowCommand } from '../../servers/redis/port.ts'
import { permitted } from '../../servers/redis/reading.ts'

const SHOWN = 30
/** Commands whose first argument is not a key. */
const KEYLESS = /^(eval|evalsha|script|auth|hello|config|client|acl|subscribe|psubscribe|publish|info|scan|keys)$/i

/** The latest slow commands, the newest first. Undefined: the account may not ask. */
export async function slowLogOf(redis: Redis): Promise<SlowCommand[] | undefined> {
  const { allowed, answer } = await permitted(redis, 'SLOWLOG GET', [String(SHOWN)])
  if (!allowed || !Array.isArray(answer)) return undefined
  return answer.flatMap((entry): SlowCommand[] => {
    if (!Array.isArray(entry)) return []
    const [id, at, micros, args, , client] = entry as [number, number, number, string[], string?, string?]
    const [name = '', first] = args
    const key = first !== undefined && !KEYLESS.test(name) ? ` ${first.slice(0, 120)}` : ''
    return [
      {
        id,
        at: at * 1000,
        micros,
        command: `${name.toUpperCase()}${key}`,
        more: Math.max(0, args.length - (key ? 2 : 1)),
        client: client || undefined,
      },
    ]
  })
}
