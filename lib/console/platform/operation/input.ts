import { z } from 'zod'
import { holdsControlCharacters } from '../../../core/text.ts'

/** Marks a field of an input that no audit row, log line or browser may see. */
export function sensitive<T extends z.ZodType>(schema: T): T {
  return schema.meta({ ...schema.meta(), sensitive: true }) as T
}

const HIDDEN = '[hidden]'

/** The input, which must have parsed, with every sensitive field replaced. */
export function redactInput(schema: z.ZodType, input: unknown): unknown {
  const inner = unwrap(schema)
  if (schema.meta()?.sensitive || inner.meta()?.sensitive) return input === undefined ? undefined : HIDDEN
  if (inner instanceof z.ZodArray && Array.isArray(input))
    return input.map(item => redactInput(inner.element as z.ZodType, item))
  if (inner instanceof z.ZodUnion) {
    const option = (inner.options as z.ZodType[]).find(candidate => candidate.safeParse(input).success)
    return option ? redactInput(option, input) : HIDDEN
  }
  if (inner instanceof z.ZodObject && typeof input === 'object' && input !== null) {
    const shape = inner.shape as Record<string, z.ZodType>
    return Object.fromEntries(
      Object.entries(input).map(([name, value]) => [name, shape[name] ? redactInput(shape[name], value) : value]),
    )
  }
  return input
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrap(schema.unwrap() as z.ZodType)
  return schema
}

/** Every problem of an input by its path, in plain words. */
export function problemsOf(error: z.ZodError): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) {
    const path = issue.path.join('.') || 'input'
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) fields[path === 'input' ? key : `${path}.${key}`] = 'is not a known field'
    } else fields[path] ??= plain(issue)
  }
  return fields
}

function plain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.input === undefined ? 'is missing' : `must be a ${issue.expected}`
  if (issue.code === 'too_big')
    return issue.origin === 'string'
      ? `must have at most ${issue.maximum} characters`
      : `must be at most ${issue.maximum}`
  if (issue.code === 'too_small')
    return issue.origin === 'string'
      ? Number(issue.minimum) <= 1
        ? 'must not be empty'
        : `must have at least ${issue.minimum} characters`
      : `must be at least ${issue.minimum}`
  if (issue.code === 'invalid_value') return `must be one of: ${issue.values.join(', ')}`
  if (issue.code === 'invalid_union') return 'is not one of the known kinds'
  return issue.message
}

/** Postgres and Redis take whole characters only. */
const WELL_FORMED = [
  (text: string) => text.isWellFormed(),
  'must not contain half characters (lone surrogates)',
] as const

/** A name from the fleet, of limited length: anything that can be shown, sent and stored. */
export const name = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine(text => !holdsControlCharacters(text), 'must not contain control characters')
    .refine(...WELL_FORMED)
export const Name = name(300)

const SHORTEST_REASON = 3

/** Why the act is done: one or more lines. */
export const Reason = z
  .string()
  .trim()
  .min(SHORTEST_REASON)
  .max(500)
  .refine(text => !holdsControlCharacters(text.replace(/[\t\n\r]/g, '')), 'must not contain control characters')
  .refine(...WELL_FORMED)
/** The input with a placeholder where its reason is not written yet; unchanged where the schema has no reason, or one was given. */
export function withReasonToCome(schema: z.ZodType, input: unknown): unknown {
  if (!(schema instanceof z.ZodObject) || !('reason' in schema.shape)) return input
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  const { reason } = input as { reason?: unknown }
  const unwritten = reason === undefined || (typeof reason === 'string' && reason.trim().length < SHORTEST_REASON)
  return unwritten ? { ...input, reason: '(not written yet)' } : input
}

/** A key or tag of a cache: bytes as text, any but zero. */
export const CacheKey = z
  .string()
  .min(1)
  .max(1_000)
  .refine(...WELL_FORMED)
  .refine(text => !text.includes('\u0000'), 'must not contain a zero byte')
/** A Redis glob: `*`, `?`, `[a-z]`, a backslash before a literal character. */
export const Glob = CacheKey.describe('as Redis matches: * any characters, ? one, [a-z] one of these')
export const ProcessId = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'must be the id of a process')
