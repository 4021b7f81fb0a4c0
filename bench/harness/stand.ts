import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { request } from '@playwright/test'
import type { Role } from '../../e2e/product/product.ts'
import { signIn } from '../../e2e/product/sign-in.ts'
import { buildConsole } from '../../scripts/start/build.ts'
import { openChildren } from '../../scripts/start/children.ts'
import { startConsole } from '../../scripts/start/console.ts'
import { embed } from '../../scripts/start/embed.ts'
import { openFolder } from '../../scripts/start/folder.ts'
import type { Stop } from '../../scripts/start/stop.ts'
import { ROOT, TOOLS, temporaryFolder } from './servers.ts'

export type Session = Awaited<ReturnType<Awaited<ReturnType<typeof request.newContext>>['storageState']>>

/** The product as `npm start` runs it (production build, real Postgres and Redis, local provider), without the demo fleet. */
export interface Stand {
  url: string
  redisUrl: string
  environment: string
  fleetKey: string
  /** Ends the console's process and starts another. */
  restart(): Promise<void>
  /** A session of this person, from the real OAuth flow. */
  signIn(role: Role): Promise<Session>
  close(): Promise<void>
}

const ENVIRONMENT = 'demo'

export async function openStand(say: (words: string) => void): Promise<Stand> {
  const temporary = temporaryFolder()
  const ends: (() => Promise<void>)[] = [async () => temporary.remove()]
  const stop: Stop = {
    add: (_, end) => void ends.push(end),
    async run() {
      for (const end of ends.splice(0).reverse()) await end()
    },
  }
  try {
    mkdirSync(TOOLS, { recursive: true })
    symlinkSync(TOOLS, join(temporary.path, 'tools'))
    const folder = openFolder(temporary.path)
    say('building the console, unless it is built')
    await buildConsole(ROOT, join(temporary.path, 'logs', 'build.log'))
    const port = await folder.port('console', 4_700)
    const url = `http://127.0.0.1:${port}`
    const { env, demo } = await embed({ folder, url, mode: 'embedded', root: ROOT, stop })
    if (!demo) throw new Error('the embedded mode started without its servers')
    let expected = false
    const children = openChildren(join(temporary.path, 'logs'), (name, how) => {
      if (!expected) process.stderr.write(`! ${name} ended (${how})\n`)
    })
    stop.add('console', () => children.stop())
    const start = () =>
      startConsole(
        children,
        {
          name: 'console',
          file: join(ROOT, '.next', 'standalone', 'server.js'),
          env: {
            ...env,
            SUBSTATION_MODE: 'embedded',
            SUBSTATION_URL: url,
            SUBSTATION_ENVIRONMENT: ENVIRONMENT,
            SUBSTATION_LOG_LEVEL: 'warn',
            NODE_ENV: 'production',
            NEXT_TELEMETRY_DISABLED: '1',
            NEXT_MANUAL_SIG_HANDLE: 'true',
            HOSTNAME: '127.0.0.1',
            PORT: String(port),
          },
        },
        url,
      )
    say('starting the console')
    await start()
    return {
      url,
      redisUrl: demo.redisUrl,
      environment: ENVIRONMENT,
      fleetKey: demo.fleetKey,
      async restart() {
        expected = true
        await children.stop(['console'])
        expected = false
        await start()
      },
      async signIn(role) {
        const context = await request.newContext()
        try {
          await signIn(context, url, role)
          return await context.storageState()
        } finally {
          await context.dispose()
        }
      },
      close: () => stop.run(),
    }
  } catch (error) {
    await stop.run()
    throw error
  }
}

/** The session as a `cookie` header. */
export function cookieHeader({ cookies }: Session): string {
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}
