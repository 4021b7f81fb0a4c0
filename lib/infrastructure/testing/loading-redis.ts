import { Redis } from 'ioredis'
import { expect, vi } from 'vitest'
import { startRedis } from './servers.ts'

const KEYS = 4_000
/** Five milliseconds per key, and answers in between: by its own estimate it takes twenty seconds. */
const SLOWLY = ['--key-load-delay', '5000', '--loading-process-events-interval-bytes', '2048']

/**
 * A Redis that loads its data and estimates that it needs at least five more seconds. `hurry` waits until `clients` have asked
 * whether it is ready, then makes it ready, and resolves when it is.
 */
export async function loadingRedis() {
  const server = await startRedis({ args: ['--rdbcompression', 'no'] })
  const redis = new Redis(server.url)
  for (let at = 0; at < KEYS; at++) await redis.set(`key:${at}`, `${at}`.padEnd(3_000, 'x'))
  await redis.save()
  redis.disconnect()
  await server.stop()
  await server.start({ args: SLOWLY, loading: true })
  const admin = new Redis(server.url, { enableReadyCheck: false, retryStrategy: () => 20 })
  admin.on('error', () => {})
  await vi.waitFor(
    async () => {
      const info = await admin.info('persistence')
      expect(Number(/loading_eta_seconds:(\d+)/.exec(info)?.[1])).toBeGreaterThanOrEqual(5)
    },
    { timeout: 15_000, interval: 20 },
  )
  // A connection with default options: it sleeps by the estimate.
  const ordinary = new Redis(server.url)
  ordinary.on('error', () => {})
  return {
    url: server.url,
    ordinary,
    async hurry(clients: number) {
      await vi.waitFor(
        async () => {
          const list = String(await admin.client('LIST'))
            .trim()
            .split('\n')
          expect(list.filter(client => / cmd=info /.test(client))).toHaveLength(clients + 1)
        },
        { timeout: 10_000, interval: 20 },
      )
      await admin.config('SET', 'key-load-delay', '0')
      await vi.waitFor(async () => expect(await admin.ping()).toBe('PONG'), { timeout: 10_000, interval: 5 })
    },
    async close() {
      ordinary.disconnect()
      admin.disconnect()
      await server.close()
    },
  }
}
