import { defineSlice, field, readConfig } from 'substation/config'
import { databaseConfig } from 'substation/database'
import { fleetConfig } from 'substation/fleet'
import { healthConfig } from 'substation/health'
import { loggingConfig } from 'substation/logging'
import { metricsConfig } from 'substation/metrics'

const demoConfig = defineSlice(
  {
    DEMO_PORT: field.port().describe('where this service listens, on loopback'),
    DEMO_REPORTS_URL: field.url('postgres', 'postgresql').describe('the database of the reports; the worker fills it'),
    DEMO_SESSIONS_URL: field.url('redis', 'rediss').describe('the Redis of the sessions; the storefront fills it'),
    DEMO_UPSTREAM_URL: field.url('http').describe('the third parties: payments, tax, mail'),
    DEMO_RELEASES: field.boolean().default(true).describe('whether the worker releases new versions on a schedule'),
    DEMO_CHECKOUT_URLS: field.list().default([]).describe('the instances of checkout; only storefront needs them'),
  },
  env => ({
    port: env.DEMO_PORT,
    reportsUrl: env.DEMO_REPORTS_URL,
    sessionsUrl: env.DEMO_SESSIONS_URL,
    releasing: env.DEMO_RELEASES,
    upstream: env.DEMO_UPSTREAM_URL,
    checkouts: env.DEMO_CHECKOUT_URLS,
  }),
)

/** What every service of the demo is configured with, all of it by the environment. Throws ConfigError with every problem at once. */
export function serviceConfig(service: string) {
  const config = readConfig(
    {
      demo: demoConfig,
      fleet: fleetConfig,
      database: databaseConfig('DEMO_DATABASE', 'orders-db'),
      logging: loggingConfig,
      health: healthConfig,
      metrics: metricsConfig,
    },
    process.env,
  )
  const name = config.fleet.service ?? service
  const instance = config.fleet.instance ?? `${name}-1`
  const database = { ...config.database, applicationName: instance, maxConnections: 4, statementTimeoutMs: 2_000 }
  return { ...config, database, service: name, instance }
}

export type ServiceConfig = ReturnType<typeof serviceConfig>
