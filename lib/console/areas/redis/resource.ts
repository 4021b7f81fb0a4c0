import { defineResource } from '../../platform/environment/resource.ts'
import { RedisServers } from '../../servers/resources.ts'
import { type RedisReader, redisReader } from './reader.ts'

/** What the Redis servers report about themselves. */
export const RedisReadings = defineResource<RedisReader>('redis', ({ name, outages, of }) => {
  const reader = redisReader(of(RedisServers), name, outages)
  return { value: reader, close: reader.close }
})
