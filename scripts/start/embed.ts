import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_MIGRATIONS, REPORTS_MIGRATIONS } from '../../demo/seed.ts'
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
  demo?: { redisUrl: string; sessionsUrl: string; databaseUrl: string; reportsUrl: string; fleetKey: string }
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
  // Attached to an existing Redis, the fleet is looked for there; nothing is written unless an operator acts.
  const attachedRedis = mode === 'attached' ? process.env.REDIS_URL : undefined
  const [database, redisUrl, sessionsUrl, provider] = await sideBySide([
    startPostgres(folder, stop),
    attachedRedis ?? startRedis(folder, root, stop, { name: 'redis', port: 46_379, title: 'Redis' }),
    mode === 'embedded'
      ? startRedis(folder, root, stop, { name: 'sessions', port: 46_479, title: 'a second Redis' })
      : undefined,
    startProvider(folder, url, stop),
  ])
  const consoleUrl = await database.database('substation')
  await step('Bring the tables up to date', async say => {
    await migrateStore(consoleUrl, join(root, 'drizzle', 'migrations'))
    say('Tables are up to date')
  })
  const demo =
    sessionsUrl === undefined
      ? undefined
      : {
          redisUrl,
          sessionsUrl,
          databaseUrl: await database.database('demo'),
          reportsUrl: await database.database('reports'),
        }
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
      ...(demo && {
        DEMO_DATABASE_URL: demo.databaseUrl,
        DEMO_MIGRATIONS: process.env.DEMO_MIGRATIONS ?? DEMO_MIGRATIONS,
        DEMO_REPORTS_URL: demo.reportsUrl,
        DEMO_REPORTS_MIGRATIONS: REPORTS_MIGRATIONS,
        DEMO_SESSIONS_URL: demo.sessionsUrl,
      }),
    },
    demo: demo && { ...demo, fleetKey },
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

const startRedis = (
  folder: Folder,
  root: string,
  stop: Stop,
  { name, port, title }: { name: string; port: number; title: string },
) =>
  step(`Start ${title}`, async say => {
    const server = await startEmbeddedRedis({
      dir: join(folder.path, name),
      tools: join(root, '.substation', 'tools'),
      port: folder.preferred(name, port),
      persist: true,
    })
    stop.add(title, () => server.stop())
    folder.keep(name, server.port)
    say(`${title[0]?.toUpperCase()}${title.slice(1)} on 127.0.0.1:${server.port}`)
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
