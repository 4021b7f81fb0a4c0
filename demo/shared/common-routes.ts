import { messageOf } from 'substation/core'
import type { Health } from 'substation/health'
import type { Metrics } from 'substation/metrics'
import { type Reply, type Route, reply } from './http-server.ts'

/** Makes one real call to the dependency of a breaker, through that breaker. */
export type Trial = () => Promise<unknown> | undefined

/** Liveness, readiness, Prometheus, and one call through a breaker on demand. */
export function commonRoutes(parts: {
  instance: string
  health: Health
  metrics: Metrics
  trials: Record<string, Trial>
}): Route[] {
  const { instance, health, metrics, trials } = parts
  return [
    {
      method: 'GET',
      path: '/live',
      handle() {
        const liveness = health.liveness()
        return reply(liveness.alive ? 200 : 503, { ...liveness, instance })
      },
    },
    {
      method: 'GET',
      path: '/ready',
      async handle() {
        const readiness = await health.readiness()
        return reply(readiness.ready ? 200 : 503, { ...readiness, instance })
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      async handle(): Promise<Reply> {
        const { contentType, text } = await metrics.expose()
        return { status: 200, body: text, contentType }
      },
    },
    {
      method: 'GET',
      path: '/breakers/:name/try',
      async handle({ params }) {
        const name = params.name ?? ''
        const trial = Object.hasOwn(trials, name) ? trials[name] : undefined
        if (!trial) return reply(404, { error: `There is no breaker ${name} to try here`, instance })
        return reply(200, { ...(await attempt(trial)), instance })
      },
    },
  ]
}

/** `called` is false only when the breaker kept the call back. */
async function attempt(trial: Trial) {
  try {
    await trial()
    return { called: true, ok: true }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return { called: code !== 'BREAKER_OPEN', ok: false, error: messageOf(error), code }
  }
}
