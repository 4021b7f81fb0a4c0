import type { Redis } from 'ioredis'
import type { QueueAddress } from '../../server-port.ts'
import { baseOf } from './keys.ts'
import { script } from './script.ts'

/** The most events that are read back, and how many in one step. */
export const EVENTS_MOST = 10_000
const PIECE = 500
/** A value in an event may be a whole result: so many bytes of each are answered. */
const VALUE = 500

/**
 * Events of a queue, newest first. KEYS: the stream. ARGV: before which (`+`: from the end), most to read, a job (empty: of any), then
 * names (none: all). Answers the last id read, how many were read, and those that match: id, and fields with their values.
 */
const EVENTS_BACK = `
local events = redis.call('XREVRANGE', KEYS[1], ARGV[1] == '+' and '+' or '(' .. ARGV[1], '-', 'COUNT', ARGV[2])
local wanted = {}
for i = 4, #ARGV do wanted[ARGV[i]] = true end
local found = {}
for _, event in ipairs(events) do
  local fields, name, job = event[2], nil, nil
  for i = 1, #fields, 2 do
    if fields[i] == 'event' then name = fields[i + 1] elseif fields[i] == 'jobId' then job = fields[i + 1] end
  end
  if (#ARGV < 4 or wanted[name]) and (ARGV[3] == '' or job == ARGV[3]) then
    for i = 2, #fields, 2 do fields[i] = string.sub(fields[i], 1, ${VALUE}) end
    found[#found + 1] = { event[1], fields }
  end
end
return { #events > 0 and events[#events][1] or '', #events, found }`

const readBack = script<[last: string, read: number, found: [id: string, fields: string[]][]]>(EVENTS_BACK)

export interface EventsBack {
  /** Newest first. */
  events: { at: number; fields: Record<string, string> }[]
  read: number
  /** Time of the oldest event read. */
  since?: number
}

/** The last events of a queue, of one job or of some names. */
export async function eventsBack(
  redis: Redis,
  queue: QueueAddress,
  { job = '', names = [] }: { job?: string; names?: readonly string[] },
): Promise<EventsBack> {
  const all: EventsBack = { events: [], read: 0 }
  let before = '+'
  while (all.read < EVENTS_MOST) {
    const [last, read, found] = await readBack(redis, [`${baseOf(queue)}events`], [before, PIECE, job, ...names])
    all.read += read
    all.events.push(...found.map(([id, flat]) => ({ at: timeOf(id), fields: fieldsOf(flat) })))
    if (read > 0) all.since = timeOf(last)
    if (read < PIECE) break
    before = last
  }
  return all
}

/** The id of an event begins with Redis' time (ms). */
const timeOf = (id: string) => Number(id.split('-')[0])

const fieldsOf = (flat: readonly string[]) =>
  Object.fromEntries(flat.flatMap((field, at) => (at % 2 === 0 ? [[field, flat[at + 1] as string]] : [])))
