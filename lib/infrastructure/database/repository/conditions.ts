import { type EntityDefinition, RepositoryError } from './port.ts'
import type { Condition, FieldCondition, Operator, Order, RowStore } from './row-store.ts'

const OPERATORS = new Set<string>([
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'isNull',
])
/** Alternatives within alternatives. */
const DEEPEST = 4
/** Conditions of one filter, values of a list. */
const MOST_CONDITIONS = 100
const MOST_VALUES = 10_000

type Fields = Pick<RowStore, 'comparable'>

/** The conditions of a filter, which may come from outside: only listed fields and known operators are accepted, and values stay values. */
export function conditionsOf(filter: unknown, definition: EntityDefinition, fields: Fields, depth = 0): Condition[] {
  if (!isPlain(filter)) throw refused('A filter is an object of fields')
  if (depth > DEEPEST) throw refused(`Filters can be nested ${DEEPEST} times`)
  const conditions = Object.entries(filter).flatMap(([field, given]): Condition[] => {
    if (field === 'or') return [{ any: alternatives(given, definition, fields, depth) }]
    if (!definition.filterable.includes(field))
      throw refused(`${definition.name} cannot be filtered by ${JSON.stringify(field)}`, definition.filterable)
    return comparisons(field, given, fields)
  })
  if (conditions.length > MOST_CONDITIONS) throw refused(`A filter has at most ${MOST_CONDITIONS} conditions`)
  return conditions
}

function alternatives(given: unknown, definition: EntityDefinition, fields: Fields, depth: number): Condition[][] {
  if (!Array.isArray(given) || given.length === 0 || given.length > MOST_CONDITIONS)
    throw refused(`or is a list of 1 to ${MOST_CONDITIONS} filters`)
  return given.map(filter => {
    const conditions = conditionsOf(filter, definition, fields, depth + 1)
    if (conditions.length === 0) throw refused('An empty filter within or would select everything')
    return conditions
  })
}

function comparisons(field: string, given: unknown, fields: Fields): FieldCondition[] {
  if (given === undefined) throw refused(`The filter of ${field} has no value`)
  if (given === null) return [{ field, operator: 'isNull' }]
  if (!isPlain(given)) return [{ field, operator: 'eq', value: fields.comparable(field, given) }]
  const entries = Object.entries(given)
  if (entries.length === 0) throw refused(`The filter of ${field} has no value`)
  return entries.map(([operator, value]) => {
    if (!OPERATORS.has(operator)) throw refused(`There is no comparison ${JSON.stringify(operator)}`, [...OPERATORS])
    return compared(field, operator as Operator, value, fields)
  })
}

function compared(field: string, operator: Operator, value: unknown, fields: Fields): FieldCondition {
  switch (operator) {
    case 'isNull':
      if (typeof value !== 'boolean') throw refused(`isNull of ${field} is true or false`)
      return { field, operator: value ? 'isNull' : 'notNull' }
    case 'in':
    case 'notIn':
      if (!Array.isArray(value) || value.length > MOST_VALUES)
        throw refused(`${operator} of ${field} is a list of at most ${MOST_VALUES} values`)
      return { field, operator, value: value.map(one => fields.comparable(field, one)) }
    case 'contains':
    case 'startsWith':
      if (typeof value !== 'string' || value === '' || value.includes('\0'))
        throw refused(`${operator} of ${field} is a text`)
      return { field, operator, value }
    default:
      return { field, operator, value: fields.comparable(field, value) }
  }
}

/** The order of a sort, which may come from outside, with the id as its last field. */
export function orderOf(sort: unknown, definition: EntityDefinition): Order[] {
  const id = definition.id ?? 'id'
  const given = sort ?? definition.sort ?? []
  if (!Array.isArray(given) || given.length > 5) throw refused('A sort is a list of at most 5 fields')
  const order = given.map(one => {
    const descending = typeof one === 'string' && one.startsWith('-')
    const field = descending ? one.slice(1) : one
    if (field !== id && !definition.sortable.includes(field))
      throw refused(`${definition.name} cannot be sorted by ${JSON.stringify(field)}`, definition.sortable)
    return { field, descending }
  })
  const until = order.findIndex(({ field }) => field === id)
  return until >= 0 ? order.slice(0, until + 1) : [...order, { field: id, descending: false }]
}

export function refused(message: string, allowed?: readonly string[]): RepositoryError {
  return new RepositoryError(message, {
    code: 'REPOSITORY_QUERY',
    ...(allowed ? { nextStep: `Use one of ${allowed.join(', ')}.` } : {}),
  })
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
