import { KEPT, KEPT_FIELDS } from './kept-state.ts'
import { MARKER } from './replay-script.ts'
import { STEP } from './step.ts'

/**
 * Makes replayed jobs that no worker has begun dead letters again. A worker sets `processedOn`, which a replay removes, so a job without
 * it has not begun. KEYS: base. ARGV: those of `onChosen`. The answer is that of every step. No event: it has not failed once more.
 */
export const RETURN_WAITING = `
${STEP}
local names = { ${KEPT_FIELDS} }
local function takeOut(id)
  -- Replayed ones are at the head of the list, those of a last-in-first-out job at its tail.
  for _, list in ipairs({ 'wait', 'paused' }) do
    if redis.call('LREM', base .. list, 1, id) == 1 then return true end
  end
  return redis.call('ZREM', base .. 'prioritized', id) == 1 or redis.call('ZREM', base .. 'delayed', id) == 1
end
local moved, refused = 0, {}
for i = 5, #ARGV do
  local id, job = ARGV[i], base .. ARGV[i]
  local fields = redis.pcall('HMGET', job, '${MARKER}', '${KEPT}', 'processedOn', 'parentKey')
  local why
  if fields.err or not fields[1] then why = 'it is gone, or was replayed again'
  elseif fields[1] ~= run or not fields[2] then why = 'it was replayed again since'
  elseif fields[3] then why = 'a worker had begun it'
  elseif not takeOut(id) then why = 'it no longer waits' end
  if why then refused[#refused + 1] = id refused[#refused + 1] = why
  else
    local kept = cmsgpack.unpack(fields[2])
    for at, name in ipairs(names) do
      if kept.fields[at] then redis.call('HSET', job, name, kept.fields[at]) else redis.call('HDEL', job, name) end
    end
    if kept.data then redis.call('HSET', job, 'data', kept.data) end
    redis.call('ZADD', base .. 'failed', kept.score, id)
    local parent = fields[4]
    if parent and (kept.unsuccessful or kept.ignored) and redis.pcall('SREM', parent .. ':dependencies', job) == 1 then
      if kept.unsuccessful then redis.call('ZADD', parent .. ':unsuccessful', kept.unsuccessful, job) end
      if kept.ignored then redis.call('HSET', parent .. ':failed', job, kept.ignored) end
    end
    moved = moved + 1
  end
end
return { moved, moved, #ARGV - 4, 1, refused }`
