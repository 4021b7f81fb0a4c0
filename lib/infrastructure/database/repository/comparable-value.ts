import { refused } from './conditions.ts'

/** A value of a filter as a field of this kind has it, from one that may be text of a query string; throws RepositoryError `REPOSITORY_QUERY`. */
export function comparableValue(field: string, kind: string, value: unknown): unknown {
  const made = valueAs(kind, value)
  if (made === undefined) throw refused(`${field} is compared with a ${kind}`)
  return made
}

function valueAs(kind: string, value: unknown): unknown {
  const text = typeof value === 'string' && !value.includes('\0') ? value : undefined
  switch (kind) {
    case 'number': {
      const number = typeof value === 'number' ? value : text?.trim() ? Number(text) : Number.NaN
      return Number.isFinite(number) ? number : undefined
    }
    case 'bigint':
      if (typeof value === 'bigint' || Number.isSafeInteger(value)) return BigInt(value as number)
      return text && /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined
    case 'boolean':
      if (typeof value === 'boolean') return value
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'date': {
      const date = value instanceof Date ? value : text === undefined ? undefined : new Date(text)
      return date && !Number.isNaN(date.getTime()) ? date : undefined
    }
    case 'decimal':
    case 'text':
    case 'string':
      if (text !== undefined) return text
      return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
    default:
      return undefined
  }
}
