import type { QueueMajor } from '../../server-port.ts'

/**
 * Lua for readings: traces, in a queue without `meta.version`, of the BullMQ that works on it, one letter each. Takes `call`, `base` and the
 * rest as parameters, and returns the letters.
 *
 * 4 counts a started attempt in a job's field `attemptsMade` and wakes its workers by entries `0:…` of the wait list; 5 and 6 count it in `ats`
 * and wake by the sorted set `marker`. While paused, 4 and 5 keep jobs in the list `paused`, 6 in `wait`.
 */
export const TRACES = `
local function isWake(id) return type(id) == 'string' and string.match(id, '^0:%d+$') ~= nil end
local function tracesOf(call, base, isPaused, wait, inPaused)
  local found = ''
  for _, list in ipairs({ 'wait', 'paused' }) do
    if isWake(call('LINDEX', base .. list, 0)) or isWake(call('LINDEX', base .. list, -1)) then found = found .. 'z' break end
  end
  local marker = call('TYPE', base .. 'marker')
  if type(marker) == 'table' and marker.ok == 'zset' then found = found .. 'm' end
  if isPaused and wait > 0 then found = found .. 'w' end
  if isPaused and inPaused > 0 then found = found .. 'p' end
  -- The job that was started last was started by the BullMQ that works on the queue now.
  local newest, by = 0, ''
  for _, id in ipairs({ call('ZRANGE', base .. 'completed', -1, -1), call('ZRANGE', base .. 'failed', -1, -1), call('LRANGE', base .. 'active', 0, 0),
    call('ZRANGE', base .. 'delayed', 0, 0), call('ZRANGE', base .. 'waiting-children', 0, 0) }) do
    local fields = type(id) == 'table' and id[1] and call('HMGET', base .. id[1], 'processedOn', 'ats', 'attemptsMade')
    local began = type(fields) == 'table' and tonumber(fields[1])
    if began and began > newest then newest, by = began, fields[2] and 's' or fields[3] and 'a' or '' end
  end
  return found .. by
end
`

/** Which majors each trace allows. */
const ALLOWED: Record<string, readonly QueueMajor[]> = {
  z: [4],
  a: [4],
  m: [5, 6],
  s: [5, 6],
  p: [4, 5],
  w: [6],
}

/** The majors that all traces allow; none when they contradict each other, because several have worked on it. */
export function majorsBy(traces: string): QueueMajor[] {
  const all: QueueMajor[] = [4, 5, 6]
  return all.filter(major => [...traces].every(trace => (ALLOWED[trace] as readonly QueueMajor[]).includes(major)))
}
