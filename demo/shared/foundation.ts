import { createCacheRegistry } from 'substation/cache'
import { createContainer } from 'substation/container'
import { createDatabase, createDatabaseRegistry, statementOrigins } from 'substation/database'
import { createHealth } from 'substation/health'
import { createLogger } from 'substation/logging'
import { createMetrics, sampleMetrics } from 'substation/metrics'
import { createBreakerRegistry, createPolicyRegistry } from 'substation/resilience'
import { registerChecks } from './checks.ts'
import type { ServiceConfig } from './config.ts'
import { openRedis } from './redis.ts'

/** What every service of the demo stands on; each adds its own parts and, last, http and fleet. */
export function foundation(config: ServiceConfig, { needsRedis = false } = {}) {
  return createContainer()
    .add('logger', {
      create: () => createLogger(config.logging, { service: config.service, instance: config.instance }),
    })
    .add('metrics', { create: () => createMetrics(config.metrics) })
    .add('sampler', {
      needs: ['metrics'],
      create: ({ metrics }) => sampleMetrics(metrics),
      start: sampler => sampler.start(),
      stop: sampler => sampler.stop(),
    })
    .add('breakers', { create: () => createBreakerRegistry() })
    .add('policies', {
      needs: ['breakers'],
      create: ({ breakers }) => createPolicyRegistry({ breakers }),
      stop: policies => policies.close(),
    })
    .add('redis', {
      create: () => openRedis(config.fleet.redisUrl, config.instance),
      // A first attempt that fails is no failure of the service: ioredis goes on trying, and the health check tells.
      start: redis => redis.connect().catch(() => undefined),
      startTimeoutMs: 2_000,
      stop: redis => redis.disconnect(),
    })
    .add('origins', { create: () => statementOrigins({ service: config.service }) })
    .add('database', {
      needs: ['origins'],
      create: ({ origins }) => createDatabase(config.database, { origin: origins.current }),
      stop: database => database.close(),
    })
    .add('pools', {
      needs: ['database'],
      create({ database }) {
        const pools = createDatabaseRegistry()
        pools.add(database)
        return pools
      },
    })
    .add('caches', {
      needs: ['breakers'],
      create: ({ breakers }) =>
        createCacheRegistry({ redisUrl: config.fleet.redisUrl, commandTimeoutMs: 300 }, { breakers }),
      stop: caches => caches.close(),
    })
    .add('health', {
      needs: ['database', 'redis'],
      create({ database, redis }) {
        const health = createHealth(config.health)
        registerChecks(health, { database, redis, needsRedis })
        return health
      },
      start: health => health.start(),
      stop: health => health.stop(),
    })
}
