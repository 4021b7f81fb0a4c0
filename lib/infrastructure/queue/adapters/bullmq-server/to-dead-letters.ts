import { onOne } from './one-job.ts'

/** ARGV: the reason. As a job that failed for good; one of an unfinished flow and the next of a scheduler stay. */
export const toDeadLetters = onOne(`
local list = waits()
if not list then return NOT_WAITING end
local why = whyNotRemoved(id)
if why then return why end
redis.call('HSET', job, 'failedReason', ARGV[4], 'finishedOn', now)
takeOut(list)
redis.call('ZADD', base .. 'failed', now, id)
emit('event', 'failed', 'jobId', id, 'failedReason', ARGV[4], 'prev', list == 'paused' and 'wait' or list)
return ''`)
