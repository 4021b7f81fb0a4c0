import { resolve } from 'node:path'
import { newId } from '../../core/ids.ts'
import { joinFleet } from '../../infrastructure/fleet/index.ts'
import { createLogger } from '../../infrastructure/logging/index.ts'
import {
  createBreakerRegistry,
  createFailover,
  createPolicyRegistry,
  type Failover,
} from '../../infrastructure/resilience/index.ts'
import { type Console, type OpenOptions, openConsole } from '../open.ts'
import type { Actor } from '../platform/access/roles.ts'
import type { Settings } from '../platform/settings/port.ts'

export const TEST_FLEET_KEY = 'test-fleet-key-that-is-long-enough-to-sign'

/** Settings of a console on these servers, with one environment of its own. */
export function testSettings(servers: {
  databaseUrl: string
  redisUrl: string
  environment?: string
  production?: boolean
}): Settings {
  const environment = servers.environment ?? `t-${newId().toLowerCase()}`
  return {
    mode: 'real',
    url: 'http://127.0.0.1:4999',
    databaseUrl: servers.databaseUrl,
    redisUrl: servers.redisUrl,
    fleetKey: TEST_FLEET_KEY,
    secret: 'test-secret-that-is-long-enough-to-sign',
    providers: [],
    access: { admins: [], operators: [], viewers: [], allowedDomains: [], defaultRole: 'viewer' },
    environments: [
      {
        name: environment,
        production: servers.production ?? false,
        demo: false,
        typedConfirmation: servers.production ?? false,
        fleetRedisUrl: servers.redisUrl,
        redis: [],
        databases: [],
      },
    ],
    originLoadLimit: 100,
    cookiePrefix: 'test',
    version: '0.0.0',
  }
}

/** A console on real servers, with its tables and job store ready. */
export async function openTestConsole(settings: Settings, options: Partial<OpenOptions> = {}): Promise<Console> {
  const logger = await createLogger({ level: 'silent', format: 'json' })
  const opened = await openConsole({ settings, logger, migrations: resolve('drizzle', 'migrations'), ...options })
  const deadline = performance.now() + 20_000
  while (opened.store.state !== 'ready' || opened.jobs.state !== 'ready') {
    if (performance.now() > deadline)
      throw new Error(`the test console did not start: ${opened.store.reason ?? opened.jobs.reason}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return opened
}

export function actorOf(role: Actor['role']): Actor {
  return { id: `test-${role}`, name: role, email: `${role}@example.test`, role, via: 'api', request: newId() }
}

/** A process of the fleet, in this process, with one breaker, a policy of every limit for the same dependency, and two providers of email. */
export async function startTestProcess(
  settings: Settings,
  options: {
    service?: string
    instance?: string
    breaker?: string
    key?: string
    /** In place of those of email. */
    providers?: Failover<string>[]
  } = {},
) {
  const breakers = createBreakerRegistry()
  const breaker = breakers.create({
    name: options.breaker ?? 'payments',
    policy: { kind: 'consecutive', failures: 3 },
    halfOpenAfterMs: 60_000,
  })
  const policies = createPolicyRegistry({ breakers })
  policies.declare({
    name: breaker.name,
    bulkhead: { maxConcurrent: 10, maxQueued: 5 },
    rateLimit: { calls: 100 },
    retry: { budget: { ratio: 0.2 } },
  })
  for (const name of ['sendgrid', 'mailgun']) policies.declare({ name })
  const tests: { by: string; to: string; key: string | undefined }[] = []
  const email = createFailover<string>({
    name: 'email',
    sendTest: async (by, to, { idempotencyKey: key }) => `test-${tests.push({ by, to, key })}`,
    providers: ['sendgrid', 'mailgun'].map(name => ({ name, port: name, policy: policies.get(name) })),
  })
  const policy = policies.get(breaker.name)
  const member = joinFleet({
    redisUrl: settings.redisUrl,
    environment: settings.environments[0]?.name ?? '',
    service: options.service ?? 'checkout',
    instance: options.instance ?? `checkout-${newId()}`,
    key: options.key ?? TEST_FLEET_KEY,
    breakers,
    policies,
    providers: options.providers ?? [email],
  })
  await member.start()
  /** Whether a call goes through, found out by making one. */
  const call = () =>
    breaker
      .execute(() => 'ok')
      .then(
        () => 'called' as const,
        (error: { code?: string }) => error.code ?? 'failed',
      )
  /** Which provider takes an email now. */
  const send = () => email.run(async provider => provider)
  async function stop() {
    email.close()
    policies.close()
    await member.stop()
  }
  return { member, breakers, breaker, policy, email, tests, call, send, stop }
}

export type TestProcess = Awaited<ReturnType<typeof startTestProcess>>
