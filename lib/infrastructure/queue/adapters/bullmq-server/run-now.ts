import { onOne } from './one-job.ts'
import { ATTEMPTS, ATTEMPTS_OF, SINCE } from './since.ts'
import { WHY_NOT_PROMOTED } from './why-not.ts'

/** Workers take from the end of the list before they look at priorities, so that is where it goes; its priority stays for another attempt. */
export const runNow = onOne(`
${WHY_NOT_PROMOTED}
${ATTEMPTS_OF}
local list = waits()
if not list then return NOT_WAITING end
local why = whyNotPromoted(redis.call('HGET', job, 'opts'))
if why then return why end
if list == 'delayed' then
  redis.call('HSET', job, 'delay', 0, '${SINCE}', ARGV[3] .. ':' .. attemptsOf(redis.call('HMGET', job, ${ATTEMPTS}), 1))
end
takeOut(list)
push(id, true, 0)
emit('event', 'waiting', 'jobId', id, 'prev', list == 'paused' and 'wait' or list)
wake()
return ''`)
