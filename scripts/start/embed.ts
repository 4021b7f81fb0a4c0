import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_MIGRATIONS } from '../../demo/seed.ts'
import type { Mode } from '../../lib/console/platform/settings/port.ts'
import { migrateStore } from '../../lib/console/platform/store/adapters/postgres.ts'
import { startEmbeddedPostgres } from '../../lib/infrastructure/testing/embedded-postgres.ts'
import { startEmbeddedRedis } from '../../lib/infrastructure/testing/embedded-redis.ts'
import type { Folder } from './folder.ts'
import { startIdentityProvider } from './identity-provider.ts'
import { sideBySide, step } from './steps.ts'
import type { Stop } from './stop.ts'

export interface Embedded {
  env: Record<string, string | undefined>
  /** Present in the mode that has a demo. */
  demo?: { redisUrl: string; databaseUrl: string; fleetKey: string }
}

/** Brings up what the console needs on this machine: Postgres, Redis, a provider to sign in with, and its tables. */
export async function embed({
  folder,
  url,
  mode,
  root,
  stop,
}: {
  folder: Folder
  url: string
  mode: Mode
  root: string
  stop: Stop
}): Promise<Embedded> {
  chmodSync(folder.path, 0o755)
  // Attached to a Redis of somebody's, the fleet is looked for there; nothing is written unless an operator acts.
  const attachedRedis = mode === 'attached' ? process.env.REDIS_URL : undefined
  const [database, redisUrl, provider] = await sideBySide([
    startPostgres(folder, stop),
    attachedRedis ?? startRedis(folder, root, stop),
    startProvider(folder, url, stop),
  ])
  const consoleUrl = await database.database('substation')
  await step('Bring the tables up to date', async say => {
    await migrateStore(consoleUrl, join(root, 'drizzle', 'migrations'))
    say('Tables are up to date')
  })
  const demoUrl = mode === 'embedded' ? await database.database('demo') : undefined
  const fleetKey = process.env.SUBSTATION_FLEET_KEY ?? folder.secret('fleetKey')
  return {
    env: {
      ...provider.env,
      SUBSTATION_DATABASE_URL: consoleUrl,
      SUBSTATION_REDIS_URL: redisUrl,
      SUBSTATION_SECRET: folder.secret('secret'),
      SUBSTATION_FLEET_KEY: fleetKey,
      SUBSTATION_ENVIRONMENT: process.env.SUBSTATION_ENVIRONMENT ?? (mode === 'embedded' ? 'demo' : 'local'),
      SUBSTATION_COOKIE_PREFIX: `substation-${folder
        .secret('instance')
        .replace(/[^a-z0-9]/gi, '')
        .slice(0, 6)
        .toLowerCase()}`,
      ...(demoUrl === undefined
        ? {}
        : { DEMO_DATABASE_URL: demoUrl, DEMO_MIGRATIONS: process.env.DEMO_MIGRATIONS ?? DEMO_MIGRATIONS }),
    },
    demo: demoUrl === undefined ? undefined : { redisUrl, databaseUrl: demoUrl, fleetKey },
  }
}

const startPostgres = (folder: Folder, stop: Stop) =>
  step('Start Postgres', async say => {
    const server = await startEmbeddedPostgres({
      dir: join(folder.path, 'postgres'),
      port: folder.preferred('postgres', 54_320),
    })
    stop.add('Postgres', () => server.stop())
    folder.keep('postgres', server.port)
    say(`Postgres 18 on 127.0.0.1:${server.port}`)
    return server
  })

const startRedis = (folder: Folder, root: string, stop: Stop) =>
  step('Start Redis', async say => {
    const server = await startEmbeddedRedis({
      dir: join(folder.path, 'redis'),
      tools: join(root, '.substation', 'tools'),
      port: folder.preferred('redis', 46_379),
      persist: true,
    })
    stop.add('Redis', () => server.stop())
    folder.keep('redis', server.port)
    say(`Redis on 127.0.0.1:${server.port}`)
    return server.url
  })

const startProvider = (folder: Folder, consoleUrl: string, stop: Stop) =>
  step('Start the identity provider', async say => {
    const githubPort = await folder.port('github', 4_611)
    const started = await startIdentityProvider({
      consoleUrl,
      githubPort,
      googlePort: await folder.port('google', 4_621),
      clientSecret: folder.secret('oauth'),
    })
    stop.add('identity provider', () => started.close())
    say(`Identity provider on 127.0.0.1:${githubPort}`)
    return started
  })
