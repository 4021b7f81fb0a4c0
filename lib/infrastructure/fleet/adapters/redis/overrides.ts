import type { Redis } from 'ioredis'
import { parseJson } from '../../../../core/json.ts'
import type { CommandHandlers } from '../../port.ts'
import type { FleetKeys } from '../../protocol/keys.ts'
import { type Identity, isUnder, Override } from '../../protocol/messages.ts'
import { unseal } from '../../protocol/signature.ts'

/** The overrides in Redis that apply to this process: signed with our key, for this environment, in scope, not expired. */
export async function readOverrides(
  redis: Redis,
  keys: FleetKeys,
  options: { key: string; environment: string; redisNow: number; who?: Identity },
) {
  const sealed = await redis.hgetall(keys.overrides)
  const found: Override[] = []
  for (const value of Object.values(sealed)) {
    const text = unseal(options.key, value)
    const parsed = text === undefined ? undefined : Override.safeParse(parseJson(text))
    if (!parsed?.success || parsed.data.env !== options.environment) continue
    const over = parsed.data.expiresAt !== undefined && parsed.data.expiresAt <= options.redisNow
    if (!over && (!options.who || isUnder(parsed.data, options.who))) found.push(parsed.data)
  }
  // The newest wins where two are about the same breaker.
  return found.sort((a, b) => a.setAt - b.setAt)
}

export interface Held {
  id: string
  until?: number
}

/**
 * Brings this process in line with the overrides in force: applies those it does not have yet and releases those that ended
 * while Redis was unreachable. `held` maps a breaker to the override it is under, and when that ends (Redis time).
 */
export async function reconcile(
  overrides: Override[],
  held: Map<string, Held>,
  handlers: CommandHandlers,
  redisNow: number,
) {
  const wanted = new Map(overrides.map(override => [override.args.breaker, override]))
  for (const [breaker, { id }] of held) {
    if (wanted.get(breaker)?.id === id) continue
    await attempt(() => handlers['breaker.release']?.({ breaker, override: id }, { issuedBy: 'override ended' }))
    held.delete(breaker)
  }
  for (const [breaker, override] of wanted) {
    if (held.get(breaker)?.id === override.id) continue
    const remainingMs = override.expiresAt === undefined ? undefined : override.expiresAt - redisNow
    const applied = await attempt(() =>
      handlers['breaker.force']?.(override.args, { issuedBy: override.issuedBy, remainingMs }),
    )
    if (applied) held.set(breaker, { id: override.id, until: override.expiresAt })
  }
}

/** An override may name a breaker that this process does not have: that must not stop the others. */
async function attempt(act: () => Promise<void> | void): Promise<boolean> {
  try {
    await act()
    return true
  } catch {
    return false
  }
}
