/**
 * A service of the fleet that guards one dependency and sends by one of two providers, by the library's public entry points.
 * Whether a call fails is known by who asks.
 */
import { createRequire } from 'node:module'
import { readConfig } from 'substation/config'
import { fleetConfig, joinFleet } from 'substation/fleet'
import {
  adoptOpossum,
  createBreakerRegistry,
  createFailover,
  createPolicyRegistry,
  type OpossumBreaker,
} from 'substation/resilience'
import { answerAsProgram } from '../../lib/infrastructure/testing/program.ts'

interface Call {
  /** The error it fails with; absent: it succeeds. */
  fails?: { name: string; message: string; code?: string }
}

const { fleet } = readConfig({ fleet: fleetConfig }, process.env)
const { name, set, opossum, fallback } = JSON.parse(process.argv[2] ?? '') as {
  name: string
  set: string
  opossum: boolean
  fallback: boolean
}
const breakers = createBreakerRegistry()
const policies = createPolicyRegistry({ breakers })

async function answer({ fails }: Call): Promise<void> {
  if (fails) throw Object.assign(new Error(fails.message), { name: fails.name, code: fails.code })
}

function guard(): (call: () => Promise<void>) => Promise<unknown> {
  if (opossum) {
    // It ships no types.
    const Opossum = createRequire(import.meta.url)('opossum') as new (
      action: (call: () => Promise<void>) => Promise<void>,
    ) => OpossumBreaker & { fire(call: () => Promise<void>): Promise<unknown> }
    const breaker = new Opossum(call => call())
    adoptOpossum(name, breaker, breakers)
    return call => breaker.fire(call)
  }
  policies.declare({
    name,
    breaker: { policy: { kind: 'consecutive', failures: 5 }, halfOpenAfterMs: 600_000 },
    bulkhead: { maxConcurrent: 2, maxQueued: 0 },
    ...(fallback && { fallback: () => undefined }),
  })
  const policy = policies.get(name)
  return call => policy.execute(call)
}

const execute = guard()
const provider = (which: string) => {
  policies.declare({ name: `${set}-${which}` })
  return { name: which, port: which, policy: policies.get(`${set}-${which}`) }
}
const tests: string[] = []
const providers = createFailover<string>({
  name: set,
  providers: [provider('first'), provider('second')],
  sendTest: async (which, to) => `test-${tests.push(`${which} to ${to}`)}`,
})

/** Whether it was made, and the code of what came instead. */
async function made(action: () => Promise<void>): Promise<{ called: boolean; code?: string }> {
  let called = false
  try {
    await execute(() => {
      called = true
      return action()
    })
    return { called }
  } catch (error) {
    return { called, code: (error as { code?: string }).code }
  }
}

const { service = 'guarded', instance = 'guarded-1', ...membership } = fleet
const member = joinFleet({ ...membership, service, instance, breakers, policies, providers: [providers] })
await member.start()

let finish = () => {}
let held: Promise<unknown> | undefined

answerAsProgram<Call>(
  {
    call: call => made(() => answer(call)),
    /** Begins a call that takes its place until `finish`. */
    hold: () =>
      new Promise<void>(begun => {
        held = made(async () => {
          begun()
          await new Promise<void>(done => {
            finish = done
          })
        })
      }),
    finish() {
      finish()
      return held
    },
    send: () => providers.run(async which => which),
    tests: () => tests,
    report: () => breakers.get(name)?.report(),
  },
  async () => {
    await member.stop()
    policies.close()
  },
)
