import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { test as base } from 'vitest'
import { newId } from '../../core/ids.ts'
import { type FleetMember, fleetKeys, type JoinFleetOptions, joinFleet, seal } from '../fleet/index.ts'
import { createBreakerRegistry } from '../resilience/index.ts'
import { redisUrl } from './servers.ts'

export const FLEET_KEY = 'a-key-that-is-long-enough-to-sign-with'

interface Issue {
  to: FleetMember
  key?: string
  env?: string
  notAfter?: number
  scope?: object
  v?: number
  /** How long to wait for the answer (ms). */
  wait?: number
}

interface FleetUnderTest {
  redis: Redis
  keys: ReturnType<typeof fleetKeys>
  /** A process of the fleet with one breaker, `payments`; not started. */
  fleetProcess(options?: Partial<JoinFleetOptions>): ReturnType<typeof newProcess>
  readJson(key: string): Promise<Record<string, unknown>>
  /** Issues a command as a console would, and waits for the answer of one process. */
  command(verb: string, args: unknown, issue: Issue): Promise<{ status: string; reason?: string } | undefined>
}

/** For tests of the process's side of the fleet, each in an environment of its own. */
export const fleetTest = base
  .extend('environment', () => `f-${newId().toLowerCase()}`)
  .extend<FleetUnderTest>({
    redis: async ({ environment }, use) => {
      const redis = new Redis(redisUrl(), { connectionName: environment })
      await use(redis)
      redis.disconnect()
    },
    keys: async ({ environment }, use) => use(fleetKeys(environment)),
    fleetProcess: async ({ environment }, use) => {
      const members: FleetMember[] = []
      await use((options = {}) => {
        const fleetProcess = newProcess(environment, options)
        members.push(fleetProcess.member)
        return fleetProcess
      })
      await Promise.all(members.map(member => member.stop()))
    },
    readJson: async ({ redis }, use) => use(async key => JSON.parse((await redis.get(key)) ?? 'null')),
    command: async ({ redis, keys, environment }, use) =>
      use(async (verb, args, { to, key = FLEET_KEY, env = environment, notAfter, scope, v = 1, wait = 3_000 }) => {
        const id = newId()
        const body = {
          ...{ v, id, env, verb, args, issuedBy: 'an operator' },
          scope: scope ?? { all: true },
          notAfter: notAfter ?? Date.now() + 10_000,
        }
        await redis
          .multi()
          .xadd(keys.commands, '*', 'c', seal(key, JSON.stringify(body)))
          .publish(keys.commandsNudge, id)
          .exec()
        const deadline = performance.now() + wait
        while (performance.now() < deadline) {
          const text = await redis.hget(keys.answers(id), to.id)
          if (text) return JSON.parse(text)
          await pause(10)
        }
      }),
  })

function newProcess(environment: string, options: Partial<JoinFleetOptions>) {
  const breakers = createBreakerRegistry()
  const breaker = breakers.create({
    name: 'payments',
    policy: { kind: 'consecutive', failures: 2 },
    halfOpenAfterMs: 60_000,
  })
  const member = joinFleet({
    redisUrl: redisUrl(),
    environment,
    service: 'checkout',
    instance: `checkout-${newId()}`,
    key: FLEET_KEY,
    breakers,
    ...options,
  })
  const fail = () => breaker.execute(() => Promise.reject(new Error('ECONNREFUSED'))).catch(() => {})
  return { member, breakers, breaker, fail }
}

/** Arguments of a command that forces the breaker of such a process. */
export const force = (state = 'open', more: object = {}) => ({
  breaker: 'payments',
  override: newId(),
  state,
  reason: 'a test',
  ...more,
})
