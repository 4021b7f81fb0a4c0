import type { Redis } from 'ioredis'
import { parseJson } from '../../../../core/json.ts'
import type { JobState } from '../../port.ts'
import type { Content, JobSummary } from '../../server-port.ts'
import { type Answer, answersOf } from './answers.ts'
import { contentOf, plainText } from './content.ts'

/** Fields that can be of any size; the others are read in full. */
const LARGE = ['data', 'opts', 'failedReason', 'stacktrace', 'returnvalue', 'progress'] as const
const SMALL = [
  'name',
  'timestamp',
  'delay',
  'priority',
  'processedOn',
  'finishedOn',
  'atm',
  'ats',
  'attemptsMade',
  'rjk',
  'parentKey',
  'deid',
  'pb',
  'stc',
] as const
type Field = (typeof LARGE)[number] | (typeof SMALL)[number]
const EVERY: readonly Field[] = [...SMALL, ...LARGE]
/** Names can be of any size: one of a megabyte must not be read. */
const SMALL_MOST = 4_096
/** Options are needed for attempts and delay; this is far more than real ones. */
const OPTIONS_MOST = 65_536

export interface JobRecord {
  sizes: Partial<Record<Field, number>>
  raw: Partial<Record<Field, Buffer>>
}

/** The hashes of jobs, without fields larger than `maxBytes`, of which only the size is returned. Undefined: no such hash, or none of `every` in it. */
export async function readRecords(
  redis: Redis,
  keys: readonly string[],
  maxBytes: number,
  every = EVERY,
): Promise<(JobRecord | undefined | 'other type')[]> {
  if (keys.length === 0) return []
  const measure = redis.pipeline()
  for (const key of keys) for (const field of every) measure.hstrlen(key, field)
  const sizes = await answersOf(measure)
  const records = keys.map((_, at): JobRecord | 'other type' => {
    const own = sizes.slice(at * every.length, (at + 1) * every.length)
    if (own.some(([error]) => error)) return throwUnlessType(own[0]?.[0])
    const record: JobRecord = { sizes: {}, raw: {} }
    own.forEach(([, size], index) => {
      if (Number(size) > 0) record.sizes[every[index] as Field] = Number(size)
    })
    return record
  })
  const fetch = redis.pipeline()
  const wanted: { record: JobRecord; fields: Field[] }[] = []
  records.forEach((record, at) => {
    if (record === 'other type') return
    const fields = every.filter(field => {
      const size = record.sizes[field] ?? 0
      const most = field === 'opts' ? OPTIONS_MOST : LARGE.some(large => large === field) ? maxBytes : SMALL_MOST
      return size > 0 && size <= most
    })
    if (fields.length === 0) return
    fetch.hmgetBuffer(keys[at] as string, ...fields)
    wanted.push({ record, fields })
  })
  const answers = await answersOf(fetch)
  wanted.forEach(({ record, fields }, at) => {
    const [error, values] = answers[at] as Answer
    if (error) throw error
    fields.forEach((field, index) => {
      const value = (values as (Buffer | null)[])[index]
      // It may have been deleted between the two readings.
      if (value) record.raw[field] = value
    })
  })
  return records.map(record => (record === 'other type' || Object.keys(record.sizes).length > 0 ? record : undefined))
}

function throwUnlessType(error: Error | null | undefined): 'other type' {
  if (error && !/WRONGTYPE/.test(error.message)) throw error
  return 'other type'
}

export function contentField(record: JobRecord, field: Field, maxBytes: number): Content | undefined {
  const raw = record.raw[field]
  if (raw) return contentOf(raw, maxBytes)
  const bytes = record.sizes[field]
  return bytes === undefined ? undefined : { bytes }
}

/** The summary of a job. `previewBytes` limits the preview of its data. */
export function toSummary(
  id: string,
  state: JobState,
  record: JobRecord | undefined | 'other type',
  { previewBytes, score }: { previewBytes: number; score?: number },
): JobSummary {
  if (record === undefined || record === 'other type')
    return {
      ...EMPTY,
      id,
      state,
      problems: [
        record
          ? 'Its key contains something other than a job.'
          : 'Its data is missing; only its id is left in the list.',
      ],
    }
  const problems: string[] = []
  const options = parseJson(plainText(record.raw.opts))
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options)
  if (!isObject)
    problems.push(record.sizes.opts === undefined ? 'It has no options.' : 'Its options are not a JSON object.')
  const opts = (isObject ? options : {}) as Record<string, unknown>
  const data = contentField(record, 'data', previewBytes)
  if (data === undefined) problems.push('It has no data.')
  else if (data.hex !== undefined) problems.push('Its data is not text.')
  else if (data.text !== undefined && !data.cut && parseJson(data.text) === undefined)
    problems.push('Its data is not JSON.')
  const name = plainText(record.raw.name)
  if (name === undefined)
    problems.push(record.sizes.name === undefined ? 'It has no name.' : 'Its name cannot be read.')
  const optional = (field: Field) => numberOf(record, field)
  return {
    id,
    name: name ?? '',
    state,
    ...present({
      addedAt: optional('timestamp'),
      processedAt: optional('processedOn'),
      finishedAt: optional('finishedOn'),
      // The low twelve bits of the score only order jobs of the same time.
      dueAt: state === 'delayed' && score !== undefined ? Math.floor(score / 4_096) : undefined,
      error: contentField(record, 'failedReason', previewBytes),
      progress: contentField(record, 'progress', previewBytes),
      scheduler: plainText(record.raw.rjk),
      parent: plainText(record.raw.parentKey),
    }),
    attemptsMade: optional('atm') ?? optional('attemptsMade') ?? 0,
    attempts: countOf(opts.attempts) || 1,
    priority: optional('priority') ?? 0,
    delayMs: countOf(opts.delay),
    lifo: opts.lifo === true,
    data: data ?? { bytes: 0 },
    problems,
  }
}

const EMPTY = { name: '', attemptsMade: 0, attempts: 1, priority: 0, delayMs: 0, lifo: false, data: { bytes: 0 } }

const countOf = (value: unknown) => (typeof value === 'number' && value >= 0 ? value : 0)

export function numberOf(record: JobRecord, field: Field): number | undefined {
  const text = plainText(record.raw[field])
  const value = text === undefined || text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : undefined
}

export function present<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
