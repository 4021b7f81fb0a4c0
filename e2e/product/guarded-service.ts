import { fileURLToPath } from 'node:url'
import type { APIRequestContext } from '@playwright/test'
import { newId } from '../../lib/core/ids.ts'
import type { BreakerReport } from '../../lib/infrastructure/resilience/index.ts'
import { startProgram } from '../../lib/infrastructure/testing/program.ts'
import { ENVIRONMENT, product, secrets } from './product.ts'
import { apiUrl, expect } from './test.ts'

interface Guarded {
  /** The dependency: its breaker opens after five failures in a row, and two calls may run at a time. */
  name: string
  /** The set of the providers `first` and `second`. */
  set?: string
  service: string
  instance: string
  /** Its breaker is one of opossum, without a policy. */
  opossum?: boolean
  fallback?: boolean
}

type Failure = { name: string; message: string; code?: string }

const DOWN: Failure = { name: 'ProviderError', code: 'PROVIDER_REFUSED', message: 'the card network is down' }

const started: { close(): Promise<void> }[] = []

/** Ends every one that was started. */
export async function closeGuarded(): Promise<void> {
  await Promise.all(started.splice(0).map(service => service.close()))
}

/** A service in a process of its own that guards one dependency, and joins the fleet that the product under test watches. */
export async function startGuardedService(options: Guarded) {
  const { name, set = `${name}-mail`, service, instance, opossum = false, fallback = false } = options
  const { ask, close } = await startProgram(fileURLToPath(new URL('../programs/guarded-service.ts', import.meta.url)), {
    args: [JSON.stringify({ name, set, opossum, fallback })],
    env: {
      SUBSTATION_REDIS_URL: product().redisUrl,
      SUBSTATION_ENVIRONMENT: ENVIRONMENT,
      SUBSTATION_FLEET_KEY: secrets().fleetKey,
      SUBSTATION_SERVICE: service,
      SUBSTATION_INSTANCE: instance,
    },
  })
  started.push({ close })
  return {
    instance,
    /** Whether the call was made, and the code of what came instead or of how it failed. */
    call: (fails?: Failure) => ask<{ called: boolean; code?: string }>('call', { fails }),
    /** Resolves when a call is under way; it ends at `finish`. */
    hold: () => ask('hold'),
    finish: () => ask('finish'),
    /** The provider that took it. */
    send: () => ask<string>('send'),
    /** Tests that were sent: `first to ada@example.com`. */
    tests: () => ask<string[]>('tests'),
    report: () => ask<BreakerReport>('report'),
  }
}

type GuardedService = Awaited<ReturnType<typeof startGuardedService>>

/** A dependency that no other journey knows, guarded in these processes, which the console sees. */
export async function guard(api: APIRequestContext, members: readonly [Partial<Guarded>, ...Partial<Guarded>[]]) {
  const id = newId().slice(-8).toLowerCase()
  const name = `bank-${id}`
  const service = `till-${id}`
  const processes = await Promise.all(
    members.map((member, at) => startGuardedService({ name, service, instance: `${service}-${at + 1}`, ...member })),
  )
  await expect
    .poll(async () => (await (await api.get(apiUrl(`views/breaker?name=${name}`))).json()).data.breaker.data.total)
    .toBe(members.length)
  return { name, service, processes: processes as [GuardedService, GuardedService] }
}

export async function failing(process: GuardedService, times: number, fails = DOWN): Promise<void> {
  for (let made = 0; made < times; made++) await process.call(fails)
}

export const policyOf = async (process: GuardedService) => (await process.report()).policy
