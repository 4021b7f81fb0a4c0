import { OWN_JOBS } from './own-jobs.ts'

/**
 * Lua shared by the acts and their previews: why a job would stay as it is. Each function returns nothing when it would not.
 */

/** Defines `orderOf(opts)`, which returns nothing when the options cannot be read, and `whyNotReplayed(opts)`. */
export const WHY_NOT_REPLAYED = `
-- Cached, since most dead letters of a queue have the same options.
local orders = {}
local function orderOf(opts)
  local order = orders[opts]
  if order then return order end
  order = { delay = 0, lifo = false }
  if string.find(opts, '"delay"', 1, true) or string.find(opts, '"lifo"', 1, true) then
    local readable, decoded = pcall(cjson.decode, opts)
    if not readable or type(decoded) ~= 'table' then return nil end
    order.delay, order.lifo = tonumber(decoded.delay) or 0, decoded.lifo == true
  end
  orders[opts] = order
  return order
end
local function whyNotReplayed(opts)
  if type(opts) ~= 'string' then return 'it has no options' end
  if not orderOf(opts) then return 'its options are not a JSON object' end
end
`

export const WHY_NOT_PROMOTED = `
-- Cached, since most jobs of a queue have the same options.
local readable = {}
local function whyNotPromoted(opts)
  if not opts then return 'it has no options' end
  if readable[opts] == nil then
    local sound, decoded = pcall(cjson.decode, opts)
    readable[opts] = sound and type(decoded) == 'table'
  end
  if not readable[opts] then return 'its options are not a JSON object' end
end
`

/**
 * Expects `base`. BullMQ would let a parent go on, or remove children too. An operator who removes one job does not expect that, so jobs
 * of an unfinished flow stay.
 */
export const WHY_NOT_REMOVED = `
${OWN_JOBS}
local function whyNotRemoved(id, withFamily)
  if isForeign(id) then return 'its key is not that of a job of this queue' end
  if namesQueue(id) then return 'a queue has its id as its name, so the keys of the job and of that queue cannot be distinguished' end
  local job = base .. id
  -- Work is a live lock: a job that is active without one has lost its worker.
  if redis.call('EXISTS', job .. ':lock') == 1 then return 'it is being worked on' end
  local fields = redis.pcall('HMGET', job, 'parentKey', 'rjk')
  if fields.err then return 'its key contains something other than a job' end
  if fields[2] then
    local due = redis.call('ZSCORE', base .. 'repeat', fields[2])
    local tail = due and ':' .. due
    if tail and string.sub(id, 1, 7) == 'repeat:' and string.sub(id, -#tail) == tail then return 'it is the next of a scheduler, which would stop without it' end
  end
  if withFamily then return nil end
  if fields[1] and redis.pcall('SISMEMBER', fields[1] .. ':dependencies', job) == 1 then return 'its parent ' .. fields[1] .. ' waits for it' end
  if redis.call('SCARD', job .. ':dependencies') > 0 then return 'it waits for jobs of its own' end
end
`

/** Expects `base`. */
export const WHY_NOT_RELEASED = `
local function whyNotReleased(id)
  if redis.call('EXISTS', base .. id .. ':lock') == 1 then return 'a worker is processing it' end
  local found = redis.pcall('HEXISTS', base .. id, 'name')
  if type(found) == 'table' then return 'its key contains something other than a job' end
  if found == 0 then return 'its data is missing' end
end
`

/** Expects `base`; defines `whyNot(act, id, fields)`, where the fields are name, failedReason and opts, or an error. */
export const WHY_NOT = `
${WHY_NOT_REPLAYED}
${WHY_NOT_PROMOTED}
${WHY_NOT_REMOVED}
${WHY_NOT_RELEASED}
local function whyNot(act, id, fields)
  if act == 'remove' then return whyNotRemoved(id) end
  if act == 'release' then return whyNotReleased(id) end
  if fields.err then return 'its key contains something other than a job' end
  if not fields[1] and not fields[3] then return 'its data is missing' end
  if act == 'replay' then return whyNotReplayed(fields[3]) end
  return whyNotPromoted(fields[3])
end
`
