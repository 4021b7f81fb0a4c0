import type { Condition, FieldCondition } from '../../database/index.ts'
import type { DataMapper } from '../data-mapper.ts'

/** The part of supabase-js' builders that is used; `or` of several calls must all hold. */
interface Filterable {
  filter(column: string, operator: string, value: unknown): this
  or(filters: string): this
}

/** As parameters of the address of their own, in which a value is everything that follows its operator. */
export function filtered<Query extends Filterable>(
  query: Query,
  conditions: readonly Condition[],
  mapper: DataMapper,
): Query {
  return conditions.reduce((filtering, condition) => {
    if ('any' in condition) return filtering.or(alternatives(condition.any, mapper))
    const [operator, value] = comparison(condition)
    return filtering.filter(mapper.of(condition.field).column, operator, value)
  }, query)
}

function alternatives(any: readonly (readonly Condition[])[], mapper: DataMapper): string {
  return any.map(all => `and(${all.map(condition => nested(condition, mapper)).join()})`).join()
}

/** Within `or`, where commas and brackets have a meaning, so every value is quoted. */
function nested(condition: Condition, mapper: DataMapper): string {
  if ('any' in condition) return `or(${alternatives(condition.any, mapper)})`
  const [operator, value] = comparison(condition)
  const isOpen = operator.endsWith('in') || operator.endsWith('is')
  return `${mapper.of(condition.field).column}.${operator}.${isOpen ? value : quoted(value)}`
}

function comparison({ operator, value }: FieldCondition): [operator: string, value: string] {
  switch (operator) {
    case 'ne':
      return ['neq', literal(value)]
    case 'isNull':
      return ['is', 'null']
    case 'notNull':
      return ['not.is', 'null']
    case 'in':
      return ['in', listed(value)]
    case 'notIn':
      return ['not.in', listed(value)]
    // Not `like`: PostgREST takes each * in it for a wildcard, and there is no way to mean one.
    case 'contains':
      return ['imatch', escaped(String(value))]
    case 'startsWith':
      return ['match', `^${escaped(String(value))}`]
    default:
      return [operator, literal(value)]
  }
}

const literal = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value))
const listed = (values: unknown) => `(${(values as unknown[]).map(value => quoted(literal(value))).join()})`
/** https://docs.postgrest.org/en/v12/references/api/url_grammar.html#reserved-characters */
const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`
/** A text as a regular expression of Postgres: each special character as a class of its own. */
const escaped = (text: string) => text.replace(/[.*+?(){}|[\]^$\\]/g, character => `\\${character}`)
