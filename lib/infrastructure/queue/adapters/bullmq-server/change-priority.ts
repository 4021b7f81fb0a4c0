import { onOne } from './one-job.ts'

/** ARGV: the priority. The steps of BullMQ's own changePriority; a job that does not wait only gets another one for later. */
export const changePriority = onOne(`
local list, priority = waits(), tonumber(ARGV[4])
redis.call('HSET', job, 'priority', priority)
if list and list ~= 'delayed' then
  takeOut(list)
  push(id, false, priority)
  wake()
end
return ''`)
