import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { QueueAddress, QueueMajor } from '../../server-port.ts'
import { onOne } from './one-job.ts'

/** ARGV: the data, and the SHA-1 of what it replaces. */
const replace = onOne(`
if redis.sha1hex(redis.call('HGET', job, 'data') or '') ~= ARGV[5] then return 'its payload has changed since it was read' end
redis.call('HSET', job, 'data', ARGV[4])
return ''`)

export const updateData = (
  redis: Redis,
  queue: QueueAddress,
  major: QueueMajor,
  id: string,
  data: string,
  before: string,
) => replace(redis, queue, major, id, data, createHash('sha1').update(before).digest('hex'))
