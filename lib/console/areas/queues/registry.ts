import type { LiveHub } from '../../platform/live/hub.ts'
import type { Outages } from '../../platform/part/outages.ts'
import type { ResolvedEnvironment } from '../../platform/settings/port.ts'
import type { RedisServer } from '../../servers/redis/servers.ts'
import type { MajorSettings } from './major-settings.ts'
import type { QueueRegistry, WatchedQueue } from './port.ts'
import { serverSamples } from './samples.ts'
import { type OpenServer, watchServer } from './watch.ts'

/** How often figures are read while someone is looking, and for how long after the last look (ms). */
const TICK = 2_000
const LOOKED_AT_FOR = 15_000

/** The queues of one environment. */
export function queueRegistry(
  environment: ResolvedEnvironment,
  redis: readonly RedisServer[],
  { hub, outages, majorSettings }: { hub: LiveHub; outages: Outages; majorSettings: MajorSettings },
): QueueRegistry {
  const announce = () => hub.announce(environment.name, ['queues'])
  const open = redis.map(server =>
    watchServer(server, { environment: environment.name, outages, majorSettings, onNews: announce }),
  )
  const samplers = open.map(serverSamples)
  let lookedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let seen = ''

  /** Announces only when a figure has changed. */
  async function tick() {
    const parts = await Promise.all(open.map(server => server.read()))
    const now = JSON.stringify(
      parts.map(part => [part.status, part.status === 'down' ? [] : part.data.queues.map(figuresOf)]),
    )
    if (now !== seen) announce()
    seen = now
  }

  function look() {
    lookedAt = performance.now()
    timer ??= setInterval(() => {
      if (performance.now() - lookedAt < LOOKED_AT_FOR) return void tick()
      clearInterval(timer)
      timer = undefined
    }, TICK).unref()
  }

  /** The same server; asking for it keeps its figures fresh. */
  const servers = open.map(
    (server): OpenServer => ({
      ...server,
      read: options => {
        look()
        return server.read(options)
      },
      find: (key, options) => {
        look()
        return server.find(key, options)
      },
    }),
  )

  return {
    servers,
    majorSettings,
    server: name => servers.find(server => server.name === name),
    samples: {
      name: 'queues',
      async sample(signal) {
        const points = await Promise.all(samplers.map(sample => sample(signal)))
        return points.flat()
      },
    },
    start() {
      for (const server of open) server.start()
    },
    async close() {
      clearInterval(timer)
      await Promise.all(open.map(server => server.close()))
    },
  }
}

const figuresOf = ({ key, writer, counts, paused, workers, rate, deadChildren }: WatchedQueue) => [
  key,
  writer.major,
  counts,
  paused,
  workers.known && workers.value.length,
  rate.known && rate.value,
  deadChildren?.queues,
]
