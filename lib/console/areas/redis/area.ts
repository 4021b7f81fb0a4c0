import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { RedisServers } from '../../servers/resources.ts'
import { RedisReadings } from './resource.ts'
import { redisSource } from './samples.ts'
import { bigKeysView, redisServerView, redisView } from './views/redis.ts'

export const redisArea = defineArea({
  id: 'redis',
  title: 'Redis',
  page: { group: 'observe', icon: 'database', shortcut: 'd' },
  resources: [RedisReadings],
  views: [redisView, redisServerView, bigKeysView],
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
