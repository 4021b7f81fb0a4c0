import type { Server } from 'node:http'
import type { StatementOrigins } from 'substation/database'
import type { Health } from 'substation/health'
import type { Logger } from 'substation/logging'
import { httpRequests, type Metrics } from 'substation/metrics'
import { commonRoutes, type Trial } from './common-routes.ts'
import type { ServiceConfig } from './config.ts'
import { httpServer, type Route } from './http-server.ts'

interface Around {
  logger: Logger
  metrics: Metrics
  health: Health
  origins: StatementOrigins
}

/** A service's HTTP side, measured: its own routes and those that all services have. */
export function web(
  config: ServiceConfig,
  { logger, metrics, health, origins }: Around,
  routes: Route[],
  trials: Record<string, Trial>,
): Server {
  const requests = httpRequests(metrics)
  const named = routes.map(
    (route): Route => ({
      ...route,
      handle: call => origins.within({ route: `${route.method} ${route.path}` }, () => route.handle(call)),
    }),
  )
  return httpServer([...named, ...commonRoutes({ instance: config.instance, health, metrics, trials })], {
    onAnswer: requests.observe,
    onError: error => logger.error('a request failed', { error }),
  })
}
