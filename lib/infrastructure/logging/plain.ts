import { isSecret } from '../config/index.ts'
import { HIDDEN, hides, maskText } from './redact.ts'

const MAX_DEPTH = 8
const MAX_ITEMS = 100
const MAX_TEXT = 16_384

/** JSON data. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain }

/** Any value as JSON data: redacted, bounded, without cycles. Never throws. */
export function toPlain(value: unknown): Plain {
  return plain(value, [])
}

/** A context as plain data. Keys that every log line has get an underscore: `level_`. */
export function toPlainContext(context: object): Record<string, Plain> {
  const error = context instanceof Error
  const result = plain(error ? { error: context } : context, [])
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return { context: result }
  for (const key of ['level', 'time', 'message', 'pid', 'hostname']) {
    if (!(key in result)) continue
    result[`${key}_`] = result[key] as Plain
    delete result[key]
  }
  return result
}

function plain(value: unknown, path: object[]): Plain {
  if (typeof value === 'object' && value !== null) return bounded(value, path)
  switch (typeof value) {
    case 'string':
      return text(value)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'bigint':
      return `${value}n`
    case 'symbol':
      return String(value)
    case 'function':
      return `[function ${value.name || 'anonymous'}]`
  }
  return null
}

function bounded(value: object, path: object[]): Plain {
  if (path.includes(value)) return '[circular]'
  if (path.length >= MAX_DEPTH) return '[too deep]'
  try {
    return plainObject(value, [...path, value])
  } catch {
    // A getter or toJSON that throws must not lose the log line.
    return '[unreadable]'
  }
}

function plainObject(value: object, path: object[]): Plain {
  if (isSecret(value)) return HIDDEN
  if (value instanceof Error) return plainError(value, path)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof URL || value instanceof RegExp) return text(String(value))
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value) || value instanceof Set) return items([...value], path)
  if (value instanceof Map || value instanceof Headers) {
    return record(
      [...value].map(([key, item]): [string, unknown] => [String(key), item]),
      path,
    )
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON(), path)
  return record(Object.entries(value), path)
}

function plainError(error: Error, path: object[]): Plain {
  const extra = Object.entries(error).filter(([key]) => key !== 'name' && key !== 'message' && key !== 'stack')
  const result: { [key: string]: Plain } = {
    type: error.name,
    message: text(error.message),
    ...record(
      extra.filter(([key, value]) => key !== 'cause' && key !== 'errors' && value !== undefined),
      path,
    ),
  }
  if (error.stack) result.stack = text(error.stack)
  if (error instanceof AggregateError) result.errors = items(error.errors, path)
  if (error.cause !== undefined) result.cause = plain(error.cause, path)
  return result
}

function items(list: readonly unknown[], path: object[]): Plain {
  const shown = list.slice(0, MAX_ITEMS).map(item => plain(item, path))
  return list.length > MAX_ITEMS ? [...shown, `[${list.length - MAX_ITEMS} more]`] : shown
}

function record(entries: readonly [string, unknown][], path: object[]): { [key: string]: Plain } {
  const shown: { [key: string]: Plain } = {}
  for (const [key, value] of entries.slice(0, MAX_ITEMS)) {
    if (value === undefined) continue
    // defineProperty semantics: a key named __proto__ stays a key.
    Object.defineProperty(shown, key, {
      value: hides(key, value) ? HIDDEN : plain(value, path),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  if (entries.length > MAX_ITEMS) shown['…'] = `[${entries.length - MAX_ITEMS} more]`
  return shown
}

function text(value: string): string {
  const shown = value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}… [${value.length - MAX_TEXT} more]` : value
  return maskText(shown)
}
