/**
 * Lua shared by scripts that take an id from outside: which keys under `base` are jobs of this queue. Expects `base`; defines
 * `isForeign(id)`, `namesQueue(id)` and `isJob(id)`.
 *
 * An id is only what follows the base, so `meta` would be the queue's settings and, if `bull:mail:eu` is a queue too, `eu:5` of
 * `bull:mail` would be a job of that one. A hash that is in no list is a job when it has a name and options.
 */
export const OWN_JOBS = `
local reserved = {}
for word in string.gmatch('meta events id wait paused active delayed prioritized priority completed failed waiting-children marker pc limiter repeat de stalled stalled-check', '%S+') do
  reserved[word] = true
end
local function namesQueue(id)
  local fields = redis.pcall('HMGET', base .. id .. ':meta', 'version', 'opts.maxLenEvents', 'paused', 'name', 'data')
  if fields.err then return false end
  return fields[1] ~= false or ((fields[2] ~= false or fields[3] ~= false) and not fields[4] and not fields[5])
end
local function isForeign(id)
  if reserved[id] or string.sub(id, 1, 8) == 'metrics:' or string.sub(id, 1, 8) == 'stalled:' or string.sub(id, 1, 11) == 'substation:' then return true end
  -- A scheduler's settings have a key like its jobs.
  if string.sub(id, 1, 7) == 'repeat:' and type(redis.pcall('ZSCORE', base .. 'repeat', string.sub(id, 8))) == 'string' then return true end
  local colon = string.find(id, ':', 1, true)
  while colon do
    if namesQueue(string.sub(id, 1, colon - 1)) then return true end
    colon = string.find(id, ':', colon + 1, true)
  end
  return false
end
local function isJob(id)
  if isForeign(id) then return false end
  local fields = redis.pcall('HMGET', base .. id, 'name', 'opts')
  if not fields.err and fields[1] and fields[2] then return true end
  for _, state in ipairs({ 'failed', 'completed', 'delayed', 'prioritized', 'waiting-children' }) do
    if type(redis.pcall('ZSCORE', base .. state, id)) == 'string' then return true end
  end
  for _, state in ipairs({ 'active', 'wait', 'paused' }) do
    if type(redis.pcall('LPOS', base .. state, id)) == 'number' then return true end
  end
  return false
end
`
