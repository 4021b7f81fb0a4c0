import { onOne } from './one-job.ts'

/** ARGV: the delay (ms). The steps of BullMQ's own changeDelay. */
export const changeDelay = onOne(`
if waits() ~= 'delayed' then return 'it is not delayed any more' end
redis.call('HSET', job, 'delay', ARGV[4])
takeOut('delayed')
delayUntil(id, now + tonumber(ARGV[4]))
return ''`)
