import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { redisService } from '../../series/names.ts'
import { Series } from '../../series/resource.ts'
import { samePlace } from '../../servers/redis/servers.ts'
import { RedisServers } from '../../servers/resources.ts'
import { ofRedis } from './attention.ts'
import { RedisReadings } from './resource.ts'
import { REDIS_SERIES, redisSource } from './samples.ts'
import { bigKeysView, redisServerView, redisView } from './views/redis.ts'

/** How old a reading may be (ms) for the overview, and for a badge. */
const FRESH = 2_000
const WHILE_NOT_LOOKED_AT = 10_000

export const redisArea = defineArea({
  id: 'redis',
  title: 'Redis',
  page: { group: 'observe', icon: 'database', shortcut: 'd', counts: 'in trouble' },
  resources: [RedisReadings],
  views: [redisView, redisServerView, bigKeysView],
  async attention({ environment }, { fresh }) {
    const reader = environment.of(RedisReadings)
    const { fleetRedisUrl } = environment.settings
    const readings = await Promise.all(
      reader.servers.map(async server => ({
        name: server.name,
        carriesFleet: samePlace(server.url, fleetRedisUrl),
        reading: await reader.read(server, { maxAge: fresh ? FRESH : WHILE_NOT_LOOKED_AT }),
      })),
    )
    // For the others neither figure matters: they have no limit.
    const limited = readings.filter(({ reading }) => reading.status === 'up' && (reading.data.memory.limit ?? 0) > 0)
    const keys = limited.flatMap(({ name }) =>
      [REDIS_SERIES.memory, REDIS_SERIES.evictions].map(series => ({ service: redisService(name), series })),
    )
    const recent = keys.length === 0 ? undefined : await environment.of(Series).recent(keys)
    const seriesOf = (name: string, series: string) =>
      recent?.status === 'up'
        ? recent.data.find(one => one.service === redisService(name) && one.series === series)
        : undefined
    return {
      items: ofRedis(
        readings.map(server => ({
          ...server,
          memory: seriesOf(server.name, REDIS_SERIES.memory),
          evictions: seriesOf(server.name, REDIS_SERIES.evictions),
        })),
      ),
      known: readings.some(({ reading }) => reading.status === 'up'),
    }
  },
  samples: environment => [redisSource(environment.of(RedisReadings))],
  names: async ({ environment }, query) => [
    nameGroup(
      'servers',
      'Redis servers',
      query,
      environment
        .of(RedisServers)
        .map(({ name }) => ({ id: `redis-${name}`, label: name, href: placeOf('redis', { server: name }) })),
    ),
  ],
})
