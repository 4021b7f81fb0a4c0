import { z } from 'zod'
import { PROTOCOL_VERSION } from './limits.ts'

const Version = z.number().int().min(1)
const Name = z.string().min(1).max(300)
const Text = z.string().max(2_000)
const Millis = z.number()

/** Who a process is. Written when it registers, and again with `leftAt` when it stops. */
export const Identity = z.object({
  v: Version,
  id: z.string().length(26),
  service: Name,
  /** Name of the instance (`checkout-1`); a successor with the same name replaces it. */
  instance: Name,
  version: Name.optional(),
  commit: Name.optional(),
  host: Name,
  pid: z.number().int(),
  runtime: Name.optional(),
  startedAt: Millis,
  leftAt: Millis.optional(),
  owner: Name.optional(),
  runbook: Text.optional(),
  /** Verbs it obeys; empty without a fleet key. */
  verbs: z.array(z.string().max(60)).max(50),
})
export type Identity = z.infer<typeof Identity>

/** Figures of the runtime at one heartbeat. Memory in bytes, times in ms, `cpu` in cores used since the last heartbeat. */
export interface Vitals {
  cpu: number
  rss: number
  heap: number
  heapLimit: number
  /** Event loop delay, 99th percentile since the last heartbeat. */
  lag: number
  uptime: number
}

export interface Beat {
  v: number
  id: string
  /** Number of this heartbeat; a gap means that some were lost, a smaller number that the process restarted. */
  seq: number
  vitals: Vitals
  /** Revision of each detail domain; a detail is read again only when this changes. */
  rev: Record<string, number>
  /** Own clock minus Redis TIME, in ms. */
  skew?: number
  /** Events dropped while Redis was down. */
  dropped?: number
}

/** Hot path of the console (1,000 processes every refresh), so no schema library. Undefined for what is not a heartbeat. */
export function parseBeat(raw: string): Beat | undefined {
  let beat: Beat
  try {
    beat = JSON.parse(raw) as Beat
  } catch {
    return
  }
  const sound =
    typeof beat === 'object' &&
    beat !== null &&
    typeof beat.v === 'number' &&
    typeof beat.id === 'string' &&
    typeof beat.seq === 'number' &&
    typeof beat.rev === 'object' &&
    beat.rev !== null &&
    typeof beat.vitals === 'object' &&
    beat.vitals !== null &&
    typeof beat.vitals.rss === 'number'
  return sound ? beat : undefined
}

/** One domain of what a process has. `total` is larger than the number of items when not all of them fit. */
export const Detail = z.object({
  v: Version,
  rev: z.number(),
  at: Millis,
  total: z.number().int().min(0),
  items: z.array(z.unknown()),
})
export type Detail = z.infer<typeof Detail>

export const FleetEvent = z.object({
  v: Version,
  kind: z.string().min(1).max(60),
  process: z.string().length(26),
  service: Name,
  instance: Name,
  /** Redis time of the event, as estimated by the process. */
  at: Millis,
  data: z.record(z.string(), z.unknown()).default({}),
})
export type FleetEvent = z.infer<typeof FleetEvent>

const ForcedState = z.enum(['open', 'closed', 'shadow'])
const OverrideId = z.string().min(1).max(60)
const Duration = z.number().min(0).max(86_400_000)
const Share = z.number().min(0).max(1)
const Count = z.number().int().min(0).max(1_000_000)

/** What every command that stays in force carries. */
const Lasting = {
  override: OverrideId,
  reason: Text,
  /** Redis time at which it ends; absent: until ended by a command. */
  expiresAt: Millis.optional(),
}

const BreakerPolicy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('consecutive'), failures: Count.min(1) }),
  z.object({ kind: z.literal('count'), threshold: Share, size: Count.min(1), minimumCalls: Count.optional() }),
  z.object({
    kind: z.literal('sampling'),
    threshold: Share,
    durationMs: Duration.min(5),
    minimumRps: z.number().min(0).max(1_000_000).optional(),
  }),
])

const PolicyLimits = z.object({
  bulkhead: z.object({ maxConcurrent: Count.min(1).optional(), maxQueued: Count.optional() }).optional(),
  rateLimit: z.object({ calls: Count.min(1).optional(), burst: Count.optional() }).optional(),
  retryBudget: z.object({ ratio: z.number().min(0).max(100) }).optional(),
})

/** The closed list of commands, with the arguments of each. */
export const COMMANDS = {
  'breaker.force': z.object({ breaker: Name, ...Lasting, state: ForcedState }),
  'breaker.release': z.object({ breaker: Name, override: OverrideId.optional() }),
  'breaker.reset': z.object({ breaker: Name }),
  'breaker.change-policy': z.object({
    breaker: Name,
    ...Lasting,
    policy: BreakerPolicy.optional(),
    halfOpenAfterMs: Duration.optional(),
    timeoutMs: Duration.optional(),
  }),
  'breaker.restore-policy': z.object({ breaker: Name, override: OverrideId.optional() }),
  'policy.change-limits': z.object({ policy: Name, ...Lasting, limits: PolicyLimits }),
  'policy.restore-limits': z.object({ policy: Name, override: OverrideId.optional() }),
  'provider.force': z.object({ set: Name, ...Lasting, provider: Name }),
  'provider.release': z.object({ set: Name, override: OverrideId.optional() }),
  /** The same key, the same test: one process is asked. */
  'provider.test': z.object({ set: Name, provider: Name, to: Text.min(1).max(320), key: z.string().min(1).max(100) }),
  'worker.ignore-dependencies': z.object({ queue: Name, ...Lasting }),
  'worker.mind-dependencies': z.object({ queue: Name, override: OverrideId.optional() }),
  'cache.switch': z.object({ cache: Name, ...Lasting, mode: z.enum(['off', 'read-only']) }),
  'cache.switch-on': z.object({ cache: Name, override: OverrideId.optional() }),
  /** Begins it; how far it is, the process reports. Without a warmer: all of the cache. */
  'cache.warm': z.object({ cache: Name, warmer: Name.optional() }),
  'cache.invalidate': z.object({
    cache: Name,
    epoch: z.number().int().optional(),
    /** Of a cache of another library: its shared store was invalidated by another process. */
    memoryOnly: z.boolean().optional(),
    where: z.discriminatedUnion('by', [
      z.object({ by: z.literal('key'), key: Text }),
      z.object({ by: z.literal('pattern'), pattern: Text }),
      z.object({ by: z.literal('tag'), tag: Text }),
      z.object({ by: z.literal('entity'), type: Text, id: z.union([Text, z.number()]) }),
      z.object({ by: z.literal('workspace'), id: Text }),
      z.object({ by: z.literal('user'), id: Text }),
      z.object({ by: z.literal('all') }),
    ]),
  }),
  /** What the memory of the process has under a key; `salt` goes into the digest of the value. */
  'cache.peek': z.object({ cache: Name, key: Text, salt: z.string().min(1).max(100) }),
  /** On what all processes of a service share: one of them is asked. Without a shared state it is that of the process. */
  'schedule.run': z.object({ schedule: Name }),
  'schedule.pause': z.object({ schedule: Name, until: Millis.optional(), reason: Text.optional() }),
  'schedule.resume': z.object({ schedule: Name }),
  'schedule.change': z.object({
    schedule: Name,
    when: z.union([
      z.object({ cron: z.string().min(1).max(300), timeZone: z.string().min(1).max(100).optional() }),
      z.object({ everyMs: z.number().int().min(100).max(31_536_000_000) }),
    ]),
    reason: Text.optional(),
  }),
  'schedule.restore': z.object({ schedule: Name }),
  /** Its runs, the newest first: those that were kept, of all processes where they share a history. */
  'schedule.runs': z.object({ schedule: Name, limit: Count.min(1).max(200) }),
  /** Of the outbox of a process: how many events a replay would send, what is known of one, and the replay itself. */
  'events.count': z.object({ subscription: Name, from: Millis, until: Millis }),
  'events.find': z.object({ id: Name }),
  /** Begins it; how far it is, the process reports under this id. */
  'events.replay': z.object({ subscription: Name, from: Millis, until: Millis, replay: z.string().min(1).max(60) }),
  /** Ends it after the piece that is being sent. */
  'events.replay-stop': z.object({ replay: z.string().min(1).max(60) }),
  /** On what all processes of a service share, as with schedules. */
  'saga.retry': z.object({ saga: Name, id: Name, reason: Text.optional() }),
  'saga.compensate': z.object({ saga: Name, id: Name, reason: Text.optional() }),
  /** The newest first, and those started before one. */
  'saga.runs': z.object({
    saga: Name,
    state: z.enum(['running', 'completed', 'compensating', 'compensated', 'failed']).optional(),
    limit: Count.min(1).max(100),
    before: Name.optional(),
  }),
  'saga.find': z.object({ id: Name }),
  'log.level': z.object({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']) }),
} as const
export type Verb = keyof typeof COMMANDS
export type CommandArguments = { [V in Verb]: z.infer<(typeof COMMANDS)[V]> }
export const VERBS = Object.keys(COMMANDS) as Verb[]

/** What is answered by commands that ask; the values themselves stay in the process. Durations in ms. */
export const REPLIES = {
  'events.count': z.object({ count: z.number() }),
  'events.find': z.object({
    event: z
      .object({ type: Name, version: z.number(), source: Name, publishedAt: Millis, sentAt: Millis.optional() })
      .optional(),
  }),
  'provider.test': z.object({ id: Text }),
  'cache.peek': z.object({
    epoch: z.number(),
    unserved: z.string().max(300).optional(),
    copy: z
      .object({
        epoch: z.number(),
        ageMs: z.number(),
        softMs: z.number(),
        hardMs: z.number(),
        goneMs: z.number(),
        bytes: z.number(),
        digest: z.string().max(60).optional(),
        schema: z.string().max(300).optional(),
      })
      .optional(),
  }),
  'schedule.runs': z.object({ runs: z.array(z.record(z.string(), z.unknown())).max(200) }),
  'saga.runs': z.object({ runs: z.array(z.record(z.string(), z.unknown())).max(100) }),
  'saga.find': z.object({ run: z.record(z.string(), z.unknown()).optional() }),
} as const
export type AskingVerb = keyof typeof REPLIES
export type CommandReply<V extends AskingVerb> = z.infer<(typeof REPLIES)[V]>
export const isAsking = (verb: string): verb is AskingVerb => Object.hasOwn(REPLIES, verb)

/** Which processes a command is for: all, those of one service, or the ones named. */
export const Scope = z.union([
  z.object({ all: z.literal(true) }),
  z.object({ service: Name }),
  z.object({ processes: z.array(z.string().length(26)).min(1).max(2_000) }),
])
export type Scope = z.infer<typeof Scope>

export const Command = z.object({
  v: Version,
  id: z.string().length(26),
  env: z.string(),
  verb: z.string().max(60),
  scope: Scope,
  args: z.unknown(),
  issuedBy: Name,
  /** Redis time after which no process may act on it. */
  notAfter: Millis,
})
export type Command = z.infer<typeof Command>

export const Answer = z.object({
  v: Version,
  process: z.string().length(26),
  status: z.enum(['applied', 'refused', 'unsupported']),
  reason: Text.optional(),
  at: Millis,
  /** Of a command that asks. */
  reply: z.unknown().optional(),
})
export type Answer = z.infer<typeof Answer>

/** Whether a process with this identity is addressed. */
export function inScope(scope: Scope, who: { id: string; service: string }): boolean {
  if ('all' in scope) return true
  if ('service' in scope) return scope.service === who.service
  return scope.processes.includes(who.id)
}

/** This version and the one before are understood; anything newer is shown as unsupported. */
export function isUnderstood(version: number): boolean {
  return version <= PROTOCOL_VERSION && version >= PROTOCOL_VERSION - 1
}
