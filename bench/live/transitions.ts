import { Redis } from 'ioredis'
import { newId } from '../../lib/core/ids.ts'
import { fleetKeys, joinFleet } from '../../lib/infrastructure/fleet/index.ts'
import { createBreakerRegistry } from '../../lib/infrastructure/resilience/index.ts'

/** A process of the fleet whose breaker changes its state on request. */
export interface ReportingProcess {
  /** Resolves with the moment of the transition, in ns of the machine's monotonic clock, which all its processes share. */
  transition(): Promise<string>
  /** The event as the process would send it, by bare pub/sub. */
  publish(): Promise<string>
  stop(): Promise<void>
}

export const CHANNEL = 'bench:live'

export async function startReportingProcess(options: {
  redisUrl: string
  environment: string
}): Promise<ReportingProcess> {
  const breakers = createBreakerRegistry()
  const breaker = breakers.create({
    name: 'payments-api',
    policy: { kind: 'sampling', threshold: 0.5, durationMs: 10_000 },
    halfOpenAfterMs: 10_000,
  })
  const member = joinFleet({ ...options, service: 'bench', instance: 'bench-1', breakers })
  await member.start()
  const redis = new Redis(options.redisUrl)
  let forced = false
  const change = () => {
    if (forced) breaker.release()
    else breaker.force({ id: newId(), state: 'open', reason: 'measuring', by: 'bench' })
    forced = !forced
  }
  return {
    async transition() {
      const at = process.hrtime.bigint()
      change()
      return String(at)
    },
    async publish() {
      const [newest] = await redis.xrevrange(fleetKeys(options.environment).events, '+', '-', 'COUNT', 1)
      const event = newest?.[1][1] ?? JSON.stringify(breaker.report())
      const at = process.hrtime.bigint()
      await redis.publish(CHANNEL, event)
      return String(at)
    },
    async stop() {
      await member.stop()
      redis.disconnect()
    },
  }
}
