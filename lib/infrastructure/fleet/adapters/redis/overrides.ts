import type { Redis } from 'ioredis'
import { parseJson } from '../../../../core/json.ts'
import type { CommandHandlers } from '../../port.ts'
import type { FleetKeys } from '../../protocol/keys.ts'
import type { Command, Identity, Verb } from '../../protocol/messages.ts'
import { heldBy, isLasting, isUnder, LASTING, type LastingVerb, Override } from '../../protocol/override.ts'
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
  // The newest wins where two hold the same.
  return found.sort((a, b) => a.setAt - b.setAt)
}

export interface Held {
  verb: LastingVerb
  name: string
  id: string
  /** When it ends, in Redis time. */
  until?: number
}

/** What this process is under, by verb and name. */
export type Holdings = Map<string, Held>

const keyOf = (verb: LastingVerb, name: string) => `${verb} ${name}`

/** Whether a command of this verb begins or ends an override. */
export const concernsOverrides = (verb: string) =>
  isLasting(verb) || Object.values(LASTING).some(({ endedBy }) => endedBy === verb)

/** Keeps `held` in step with a command that was just carried out. */
export function noteApplied(held: Holdings, { verb, args }: Pick<Command, 'verb' | 'args'>): void {
  if (isLasting(verb)) {
    const { override, expiresAt } = args as { override: string; expiresAt?: number }
    const name = heldBy(verb, args)
    held.set(keyOf(verb, name), { verb, name, id: override, ...(expiresAt === undefined ? {} : { until: expiresAt }) })
    return
  }
  for (const [lasting, { endedBy }] of Object.entries(LASTING) as [LastingVerb, (typeof LASTING)[LastingVerb]][])
    if (endedBy === verb) held.delete(keyOf(lasting, heldBy(lasting, args)))
}

/**
 * Brings this process in line with the overrides in force: applies those it does not have yet and ends those that ended while
 * Redis was unreachable.
 */
export async function reconcile(overrides: Override[], held: Holdings, handlers: CommandHandlers, redisNow: number) {
  const wanted = new Map(
    overrides.map(override => [keyOf(override.verb, heldBy(override.verb, override.args)), override]),
  )
  for (const [key, { verb, name, id }] of held) {
    if (wanted.get(key)?.id === id) continue
    const { endedBy, holds } = LASTING[verb]
    await attempt(() => handle(handlers, endedBy, { [holds]: name, override: id }, { issuedBy: 'override ended' }))
    held.delete(key)
  }
  for (const [key, { id, verb, args, issuedBy, expiresAt }] of wanted) {
    if (held.get(key)?.id === id) continue
    const remainingMs = expiresAt === undefined ? undefined : expiresAt - redisNow
    if (await attempt(() => handle(handlers, verb, args, { issuedBy, remainingMs })))
      held.set(key, { verb, name: heldBy(verb, args), id, ...(expiresAt === undefined ? {} : { until: expiresAt }) })
  }
}

/** One handler a verb, so that arguments and handler always match, which the type of the table cannot express. */
function handle(
  handlers: CommandHandlers,
  verb: Verb,
  args: unknown,
  context: { issuedBy: string; remainingMs?: number },
) {
  const handler = handlers[verb] as ((args: unknown, context: unknown) => Promise<void> | void) | undefined
  return handler?.(args, context)
}

/** An override may name something that this process does not have: that must not stop the others. */
async function attempt(act: () => Promise<void> | void): Promise<boolean> {
  try {
    await act()
    return true
  } catch {
    return false
  }
}
