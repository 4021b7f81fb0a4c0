import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, resolve, sep } from 'node:path'
import type { Queue } from 'bullmq'
import type { MiddlewareHandler } from 'hono'
import type { Redis } from 'ioredis'
import { messageOf } from '../../../../core/errors.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import type { RedisServer } from '../../../servers/redis/servers.ts'
import { openViewRedis, whenReady } from '../../../servers/view-redis.ts'
import type { QueueRegistry, WatchedQueue } from '../port.ts'
import { queueTitle } from '../title.ts'

/** The most queues on the board, which asks for all of them at once: the busiest ones. */
const SHOWN = 200
/** The longest time for a response, even if it only says why there is no other (ms). */
const DEADLINE = 3_000

/** Bull Board over the queues of an environment: read-only, because its buttons would write no audit. */
export interface Board {
  /** Answers only GET. */
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
}

interface Opened {
  /** Puts the current queues on the board. Resolves with the reason if nothing can be shown. */
  sync(): Promise<string | undefined>
  fetch(request: Request): Promise<Response>
  close(): void
}

/** Opened with the first request. `basePath` is its path, as browsers see it. */
export function bullBoard(registry: QueueRegistry, servers: readonly RedisServer[], basePath: string): Board {
  let opening: Promise<Opened> | undefined
  return {
    async fetch(request) {
      if (request.method !== 'GET')
        return Response.json(
          { error: 'Bull Board is read-only here. Act on the queues page, which records every act in the audit.' },
          { status: 403 },
        )
      opening ??= open(registry, servers, basePath).catch(error => {
        opening = undefined
        throw error
      })
      const board = await opening
      const { pathname } = new URL(request.url)
      if (pathname.includes('/static/')) return board.fetch(request)
      const isApi = pathname.includes('/api/')
      const answer = board.sync().then(why => (why === undefined ? board.fetch(request) : unavailable(why, isApi)))
      return within(DEADLINE, answer, () => unavailable('Redis takes too long to answer', isApi))
    },
    async close() {
      const board = await opening?.catch(() => undefined)
      board?.close()
    },
  }
}

function unavailable(why: string, isApi: boolean): Response {
  const error = `${why}. Bull Board is back when it answers.`
  return isApi ? Response.json({ error }, { status: 503 }) : new Response(error, { status: 503 })
}

async function within<T>(ms: number, answer: Promise<T>, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<T>(resolve => {
    timer = setTimeout(() => resolve(late()), ms)
  })
  try {
    return await Promise.race([answer, deadline])
  } finally {
    clearTimeout(timer)
  }
}

async function open(registry: QueueRegistry, servers: readonly RedisServer[], basePath: string): Promise<Opened> {
  const [{ createBullBoard }, { BullMQAdapter }, { HonoAdapter }, { Hono }, bullmq] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/hono'),
    import('hono'),
    import('bullmq'),
  ])
  const uiBasePath = dirname(createRequire(join(process.cwd(), 'package.json')).resolve('@bull-board/ui/package.json'))
  const adapter = new HonoAdapter(() => staticFiles(join(uiBasePath, 'dist', 'static')))
  const ui = { ...UI, miscLinks: [{ text: 'Back to Substation', url: dirname(basePath) }] }
  const board = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: { uiBasePath, uiConfig: ui },
  })
  adapter.setBasePath(basePath)
  const app = new Hono().route(basePath, adapter.registerPlugin())
  const connections = new Map<string, Redis>()
  const queues = new Map<string, Queue>()

  function connectionTo({ name, url }: RedisServer): Redis {
    let redis = connections.get(name)
    if (!redis) {
      // Read-only, and fails rather than waits.
      redis = openViewRedis(url, `board:${name}`)
      connections.set(name, redis)
    }
    return redis
  }

  function queueOf(server: RedisServer, key: string): Queue {
    const id = `${server.name} ${key}`
    let queue = queues.get(id)
    if (!queue) {
      // BullMQ refuses a name with a colon, and the keys are the same wherever the prefix ends.
      const colon = key.lastIndexOf(':')
      queue = new bullmq.Queue(key.slice(colon + 1), {
        prefix: key.slice(0, colon),
        connection: connectionTo(server),
        // It must not overwrite the version of the queue's owner.
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
      const looks = await Promise.all(
        servers.map(async server => {
          const reading = await registry.server(server.name)?.read()
          if (!reading) return { server, queues: [], down: `Redis ${server.name} is not watched` }
          if (reading.status !== 'up') return { server, queues: [], down: reading.reason }
          try {
            await answers(connectionTo(server))
          } catch (error) {
            return { server, queues: [], down: reasonOf(`Redis ${server.name}`, error) }
          }
          return { server, queues: reading.data.queues }
        }),
      )
      const down = looks.flatMap(look => look.down ?? [])
      if (down.length === looks.length && down.length > 0) return down.join('. ')
      const all = looks.flatMap(({ server, queues }) => queues.map(queue => ({ server, queue })))
      // A name that ends in a colon would be an empty name for BullMQ.
      const able = all.filter(({ queue }) => !queue.key.endsWith(':'))
      const busy = ({ counts }: WatchedQueue) => (counts.waiting ?? 0) + (counts.active ?? 0) + (counts.failed ?? 0)
      const shown = able.sort((a, b) => busy(b.queue) - busy(a.queue)).slice(0, SHOWN)
      adapter.setUIConfig({ ...ui, boardTitle: titleOf(shown.length, all.length, down) })
      board.replaceQueues(
        shown.map(
          ({ server, queue }) =>
            new BullMQAdapter(queueOf(server, queue.key), {
              readOnlyMode: true,
              allowRetries: false,
              prefix: `${servers.length > 1 ? `${server.name} ` : ''}${beforeName(queue.key)}`,
            }),
        ),
      )
      return undefined
    },
    fetch: async request => app.fetch(request),
    close() {
      for (const redis of connections.values()) redis.disconnect()
    },
  }
}

/** What comes before the part of a queue's title that BullMQ takes as its name. */
function beforeName(key: string): string {
  const title = queueTitle(key)
  return title.slice(0, title.lastIndexOf(':') + 1)
}

/** Asks again: an earlier reading says nothing about now. A refusal counts as an answer. */
async function answers(redis: Redis): Promise<void> {
  await whenReady(redis)
  await redis.ping().catch((error: unknown) => {
    if (!messageOf(error).includes('NOPERM')) throw error
  })
}

/** Without workers: they would need a list of all connections of Redis for each queue, at every poll. */
const UI = {
  boardTitle: 'Substation',
  hideRedisDetails: true,
  showWorkers: false,
  favIcon: { default: 'static/images/logo.svg', alternative: 'static/favicon-32x32.png' },
}

/** The board's title says what it leaves out. */
function titleOf(shown: number, all: number, down: readonly string[]): string {
  const left = [
    ...(shown < all ? [`${shown.toLocaleString('en')} of ${all.toLocaleString('en')} queues`] : []),
    ...down,
  ]
  return ['Substation', left.join(', ')].filter(Boolean).join(': ')
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
