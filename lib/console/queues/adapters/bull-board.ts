import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, resolve, sep } from 'node:path'
import type { Queue } from 'bullmq'
import type { MiddlewareHandler } from 'hono'
import type { Redis } from 'ioredis'
import type { RedisServer } from '../../redis/servers.ts'
import type { QueueRegistry, WatchedQueue } from '../port.ts'

/** Bull Board asks for every queue at once: of very many it gets those that have something to do. */
const SHOWN = 200

/** Bull Board over the queues of an environment: to look at, since what its buttons do would be in no audit. */
export interface Board {
  /** Answers GET alone. */
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
}

interface Opened {
  sync(): Promise<void>
  fetch(request: Request): Promise<Response>
  close(): void
}

/** Opened with the first request for it. `basePath` is where it stands, as browsers see it. */
export function bullBoard(registry: QueueRegistry, servers: readonly RedisServer[], basePath: string): Board {
  let opening: Promise<Opened> | undefined
  return {
    async fetch(request) {
      if (request.method !== 'GET')
        return Response.json(
          { error: 'Bull Board only looks here. Act on the queues page: what is done there is in the audit.' },
          { status: 403 },
        )
      opening ??= open(registry, servers, basePath).catch(error => {
        opening = undefined
        throw error
      })
      const board = await opening
      if (new URL(request.url).pathname.includes('/api/')) await board.sync()
      return board.fetch(request)
    },
    async close() {
      const board = await opening?.catch(() => undefined)
      board?.close()
    },
  }
}

async function open(registry: QueueRegistry, servers: readonly RedisServer[], basePath: string): Promise<Opened> {
  const [{ createBullBoard }, { BullMQAdapter }, { HonoAdapter }, { Hono }, bullmq, ioredis] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/hono'),
    import('hono'),
    import('bullmq'),
    import('ioredis'),
  ])
  const uiBasePath = dirname(createRequire(join(process.cwd(), 'package.json')).resolve('@bull-board/ui/package.json'))
  const adapter = new HonoAdapter(() => staticFiles(join(uiBasePath, 'dist', 'static')))
  const board = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: { uiBasePath, uiConfig: { boardTitle: 'Substation', hideRedisDetails: true } },
  })
  adapter.setBasePath(basePath)
  const app = new Hono().route(basePath, adapter.registerPlugin())
  const connections = new Map<string, Redis>()
  const queues = new Map<string, Queue>()

  function connectionTo({ name, url }: RedisServer): Redis {
    let redis = connections.get(name)
    if (!redis) {
      // Looks only, and fails rather than waits.
      redis = new ioredis.Redis(url, {
        connectionName: `substation-console:board:${name}`,
        maxRetriesPerRequest: 1,
        commandTimeout: 2_500,
      })
      redis.on('error', () => {})
      connections.set(name, redis)
    }
    return redis
  }

  function queueOf(server: RedisServer, { key, prefix, name }: WatchedQueue): Queue {
    const id = `${server.name} ${key}`
    let queue = queues.get(id)
    if (!queue) {
      queue = new bullmq.Queue(name, {
        prefix,
        connection: connectionTo(server),
        // It must not write its own version over that of whoever owns the queue.
        skipMetasUpdate: true,
        skipVersionCheck: true,
      })
      queue.on('error', () => {})
      queues.set(id, queue)
    }
    return queue
  }

  return {
    async sync() {
      const found = await Promise.all(
        servers.map(async server => {
          const reading = await registry.server(server.name)?.read()
          // BullMQ cannot be given a name with a colon.
          const known = !reading || reading.status === 'down' ? [] : reading.data.queues
          return known.filter(({ name }) => !name.includes(':')).map(queue => ({ server, queue }))
        }),
      )
      const busy = ({ counts }: WatchedQueue) => (counts.waiting ?? 0) + (counts.active ?? 0) + (counts.failed ?? 0)
      const shown = found
        .flat()
        .sort((a, b) => busy(b.queue) - busy(a.queue))
        .slice(0, SHOWN)
      board.replaceQueues(
        shown.map(
          ({ server, queue }) =>
            new BullMQAdapter(queueOf(server, queue), {
              readOnlyMode: true,
              allowRetries: false,
              prefix: servers.length > 1 ? `${server.name} ` : '',
            }),
        ),
      )
    },
    fetch: async request => app.fetch(request),
    close() {
      for (const redis of connections.values()) redis.disconnect()
    },
  }
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

function staticFiles(root: string): MiddlewareHandler {
  return async context => {
    const path = context.req.path.split('/static/')[1] ?? ''
    const file = resolve(root, decodeURIComponent(path))
    const type = TYPES[extname(file)]
    if (!file.startsWith(root + sep) || !type) return context.notFound()
    const content = await readFile(file).catch(() => undefined)
    if (!content) return context.notFound()
    // Their names change with their content.
    return context.body(content, 200, { 'content-type': type, 'cache-control': 'private, max-age=31536000, immutable' })
  }
}
