/**
 * What the demo runs, for the program that starts it. Every process is `node <file>` with `env` and an IPC channel (`stdio: [...,
 * 'ipc']`); it ends at SIGTERM, and on its own when the channel closes. Run `seedDemo` (seed.ts) before.
 */
const DEMO_PLACES = ['upstream', 'checkout-1', 'checkout-2', 'storefront-1', 'worker-1'] as const
export type DemoPlace = (typeof DEMO_PLACES)[number]

/** Where each one listens, unless the port is taken. All on 127.0.0.1. */
export const DEMO_PORTS: Readonly<Record<DemoPlace, number>> = {
  upstream: 4710,
  'storefront-1': 4720,
  'checkout-1': 4731,
  'checkout-2': 4732,
  'worker-1': 4740,
}

export interface DemoSettings {
  redisUrl: string
  /** The demo's own database, seeded. */
  databaseUrl: string
  /** The database of the reports, seeded, and the Redis of the sessions. */
  reportsUrl: string
  sessionsUrl: string
  environment?: string
  /** Signs commands; the console must have the same. 32 characters at least. */
  fleetKey?: string
  version?: string
  ports?: Partial<Record<DemoPlace, number>>
  /** Whether the worker releases new versions on a schedule; default true. */
  releases?: boolean
  /** Requests a second that shoppers make. */
  loadRate?: number
}

export interface DemoProcess {
  name: string
  /** Absent for what is no part of the fleet: the third parties and the shoppers. */
  service?: string
  instance?: string
  /** Relative to the repository. */
  file: string
  port?: number
  /** All it needs beside PATH. */
  env: Record<string, string>
}

/** The processes, in the order in which to start them. Stop them the other way round. */
export function demoFleet(settings: DemoSettings): DemoProcess[] {
  const ports = { ...DEMO_PORTS, ...settings.ports }
  const urlOf = (place: DemoPlace) => `http://127.0.0.1:${ports[place]}`
  const shared = {
    SUBSTATION_REDIS_URL: settings.redisUrl,
    SUBSTATION_ENVIRONMENT: settings.environment ?? 'demo',
    SUBSTATION_VERSION: settings.version ?? '1.0.0',
    SUBSTATION_LOG_FORMAT: 'json',
    // Half the memory that Node takes by default, and a limit worth a health check on a machine of any size.
    NODE_OPTIONS: '--max-old-space-size=192 --max-semi-space-size=8',
    ...(settings.fleetKey === undefined ? {} : { SUBSTATION_FLEET_KEY: settings.fleetKey }),
    DEMO_DATABASE_URL: settings.databaseUrl,
    DEMO_REPORTS_URL: settings.reportsUrl,
    DEMO_SESSIONS_URL: settings.sessionsUrl,
    DEMO_RELEASES: String(settings.releases ?? true),
    DEMO_UPSTREAM_URL: urlOf('upstream'),
    DEMO_CHECKOUT_URLS: `${urlOf('checkout-1')},${urlOf('checkout-2')}`,
  }
  const service = (name: string, place: DemoPlace): DemoProcess => ({
    name: place,
    service: name,
    instance: place,
    file: `demo/${name}/main.ts`,
    port: ports[place],
    env: { ...shared, SUBSTATION_SERVICE: name, SUBSTATION_INSTANCE: place, DEMO_PORT: String(ports[place]) },
  })
  return [
    {
      name: 'upstream',
      file: 'demo/upstream/main.ts',
      port: ports.upstream,
      env: { DEMO_PORT: String(ports.upstream) },
    },
    service('checkout', 'checkout-1'),
    service('checkout', 'checkout-2'),
    service('worker', 'worker-1'),
    service('storefront', 'storefront-1'),
    {
      name: 'load',
      file: 'demo/load/main.ts',
      env: { DEMO_STOREFRONT_URL: urlOf('storefront-1'), DEMO_LOAD_RATE: String(settings.loadRate ?? 6) },
    },
  ]
}
