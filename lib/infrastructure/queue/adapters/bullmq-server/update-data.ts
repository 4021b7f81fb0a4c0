import { onOne } from './one-job.ts'

/** ARGV: the data, and the SHA-1 of what it replaces. */
export const updateData = onOne(`
if redis.sha1hex(redis.call('HGET', job, 'data') or '') ~= ARGV[5] then return 'its payload has changed since it was read' end
redis.call('HSET', job, 'data', ARGV[4])
return ''`)
