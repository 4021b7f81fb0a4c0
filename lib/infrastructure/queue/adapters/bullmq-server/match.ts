import type { JobFilter } from '../../server-port.ts'

/** Bytes of a text that are compared. */
const LOOKED_AT = 65_536

/**
 * Lua that the list of jobs, the count before an act and the act itself share: whether a job matches. The filter is JSON in the given
 * argument (`toArgument`). Defines `fits(id, name, error)` and `filtered`.
 */
export const matchBy = (argument: number) => `
local filter = cjson.decode(ARGV[${argument}])
local filtered = next(filter) ~= nil
local function holds(text, wanted)
  return type(text) == 'string' and string.find(string.lower(string.sub(text, 1, ${LOOKED_AT})), wanted, 1, true) ~= nil
end
local function fits(id, name, error)
  return (not filter.name or holds(name, filter.name)) and (not filter.error or holds(error, filter.error))
    and (not filter.q or id == filter.id or holds(name, filter.q) or holds(error, filter.q))
end
`

/** A filter as the scripts read it: ASCII letters in lower case, except in an id. */
export function toArgument({ q, name, error }: JobFilter): string {
  return JSON.stringify({
    ...(q ? { id: q.toWellFormed(), q: lower(q) } : {}),
    ...(name ? { name: lower(name) } : {}),
    ...(error ? { error: lower(error) } : {}),
  })
}

const lower = (text: string) => text.toWellFormed().replace(/[A-Z]/g, letter => letter.toLowerCase())
