/**
 * Field of a job's hash, which BullMQ ignores: since when it waits, written by each act that makes it wait again. `1764288000000:2`: ms,
 * and the attempts that had begun by then; once another has begun, it says nothing any more.
 */
export const SINCE = 'substation:since'

/** Where BullMQ counts the attempts that have begun: 5 and 6 in the first, 4 in the last; the second are those that have ended. */
export const ATTEMPTS = "'ats', 'atm', 'attemptsMade'"

/** Lua: defines `attemptsOf(fields, at)` of those three, the first at that position. */
export const ATTEMPTS_OF = `
local function attemptsOf(fields, at)
  return tonumber(fields[at]) or tonumber(fields[at + 1]) or tonumber(fields[at + 2]) or 0
end
`
