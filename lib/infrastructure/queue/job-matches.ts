import { parseJson } from '../../core/json.ts'
import type {
  Comparison,
  JobCondition,
  JobJsonField,
  JobNumberField,
  JobTest,
  JobTextField,
  Operand,
} from './job-condition.ts'

/** A job as its reader may see it: what is hidden from them is not in it, so that a search cannot reveal it. */
export interface ReadJob {
  text(field: JobTextField): string | undefined
  number(field: JobNumberField): number | undefined
  /** JSON text. */
  json(field: JobJsonField): string | undefined
}

/** Values are looked for down to this depth where no path names their place. */
const DEEP = 5

const NAMES = {
  trace: /^(trace_?id|traceparent|trace|tm)$/i,
  user: /^(user_?id|user|actor_?id|customer_?id)$/i,
  workspace: /^(workspace_?id|workspace|tenant_?id|tenant|organi[sz]ation_?id|org_?id|team_?id)$/i,
} as const

/** Whether a job meets a condition. A value that is absent or cannot be read meets no test. */
export function matches(condition: JobCondition, job: ReadJob): boolean {
  if ('all' in condition) return condition.all.every(one => matches(one, job))
  if ('any' in condition) return condition.any.some(one => matches(one, job))
  if ('not' in condition) return !matches(condition.not, job)
  return passes(condition, job)
}

function passes(test: JobTest, job: ReadJob): boolean {
  switch (test.test) {
    case 'text':
      return (
        (['id', 'name', 'error'] as const).some(field => contains(job.text(field) ?? '', test.contains)) ||
        jsonContains(job.json('data'), test.contains)
      )
    case 'field': {
      const text = job.text(test.field)
      return text !== undefined && compareTexts(text, test.is, test.value)
    }
    case 'number': {
      const number = job.number(test.field)
      return number !== undefined && compare(number, test.is, test.value)
    }
    case 'json':
      return jsonPasses(test, job.json(test.field))
    case 'carries':
      return (['data', 'options'] as const).some(field => carries(parseJson(job.json(field)), test.what, test.value))
  }
}

function jsonPasses({ path, is, value }: Extract<JobTest, { test: 'json' }>, text: string | undefined): boolean {
  if (text === undefined) return false
  if (path.length === 0) return jsonContains(text, value.text) === (is === '~')
  const values = valuesAt(parseJson(text), path)
  if (is === 'exists') return values.length > 0
  if (is === '!=' || is === '!~') {
    const opposite = is === '!=' ? '=' : '~'
    return values.length > 0 && !values.some(one => compareValue(one, opposite, value))
  }
  return values.some(one => compareValue(one, is, value))
}

/** Every value at a path; an array stands for its elements, unless the path names one by its position. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [first, ...rest] = path
  if (first === undefined) return Array.isArray(value) ? [value, ...value] : [value]
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value) && !/^\d+$/.test(first)) return value.flatMap(one => valuesAt(one, path))
  return Object.hasOwn(value, first) ? valuesAt((value as Record<string, unknown>)[first], rest) : []
}

function compareValue(value: unknown, is: Comparison, { text, quoted }: Operand): boolean {
  if (typeof value === 'object' && value !== null) return is === '~' && someText(value, one => contains(one, text))
  const own = String(value)
  if (is === '~' || is === '!~') return contains(own, text) === (is === '~')
  const isText = typeof value === 'string'
  if (quoted) return isText && compare(own, is, text)
  const wanted = numberOf(text)
  const number = isText ? numberOf(own) : typeof value === 'number' ? value : undefined
  if (is === '=') return own === text || (!isText && number !== undefined && number === wanted)
  if (number !== undefined && wanted !== undefined) return compare(number, is, wanted)
  return isText && wanted === undefined && compare(own, is, text)
}

function compareTexts(text: string, is: '=' | '!=' | '~' | '!~', wanted: string): boolean {
  if (is === '~' || is === '!~') return contains(text, wanted) === (is === '~')
  return (text === wanted) === (is === '=')
}

function compare<T extends number | string>(a: T, is: Comparison, b: T): boolean {
  switch (is) {
    case '=':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    default:
      return is === '>=' && a >= b
  }
}

function numberOf(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : undefined
}

/** In the text as it was written, or in one of its values, which may be written with escapes. */
function jsonContains(text: string | undefined, wanted: string): boolean {
  if (text === undefined) return false
  if (contains(text, wanted)) return true
  return text.includes('\\') && someText(parseJson(text), one => contains(one, wanted))
}

function someText(value: unknown, fits: (text: string) => boolean): boolean {
  if (typeof value === 'string') return fits(value)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(one => someText(one, fits))
  return Object.entries(value).some(([name, one]) => fits(name) || someText(one, fits))
}

function carries(value: unknown, what: keyof typeof NAMES, wanted: string, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > DEEP) return false
  if (Array.isArray(value)) return value.some(one => carries(one, what, wanted, depth + 1))
  return Object.entries(value).some(
    ([name, one]) => (NAMES[what].test(name) && names(one, what, wanted)) || carries(one, what, wanted, depth + 1),
  )
}

/** An id itself, an object with one, or a header that contains it. */
function names(value: unknown, what: keyof typeof NAMES, wanted: string): boolean {
  if (typeof value === 'object' && value !== null) return String((value as { id?: unknown }).id) === wanted
  const text = String(value)
  return text === wanted || (what === 'trace' && text.includes(wanted))
}

const contains = (text: string, wanted: string) => folded(text).includes(folded(wanted))

/** ASCII letters in lower case, as the scripts inside Redis compare. */
export const folded = (text: string) => text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
