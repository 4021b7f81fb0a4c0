import {
  and,
  eq,
  gt,
  gte,
  ilike,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  ne,
  not,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Condition, FieldCondition, Order } from '../row-store.ts'
import { castType, type DrizzleColumns } from './drizzle-columns.ts'

const COMPARE = { eq, ne, gt, gte, lt, lte } as const

export function whereOf(columns: DrizzleColumns, conditions: readonly Condition[]): SQL | undefined {
  return and(...conditions.map(condition => sqlOf(columns, condition)))
}

function sqlOf(columns: DrizzleColumns, condition: Condition): SQL | undefined {
  // No alternative at all is one that nothing meets.
  if ('any' in condition) return or(sql`false`, ...condition.any.map(all => whereOf(columns, all)))
  return compared(columns.of(condition.field), condition)
}

function compared(column: PgColumn, { operator, value, isText }: FieldCondition): SQL {
  switch (operator) {
    case 'isNull':
      return isNull(column)
    case 'notNull':
      return isNotNull(column)
    case 'in':
      return (value as unknown[]).length === 0 ? sql`false` : inArray(column, value as unknown[])
    case 'notIn':
      return (value as unknown[]).length === 0 ? not(sql`false`) : notInArray(column, value as unknown[])
    case 'contains':
      return ilike(asText(column), `%${escapeLike(String(value))}%`)
    case 'startsWith':
      return like(asText(column), `${escapeLike(String(value))}%`)
    default:
      return COMPARE[operator](column, isText ? sql`${value}::text::${sql.raw(castType(column))}` : value)
  }
}

const asText = (column: PgColumn) => (/^(text|varchar|char)/.test(column.getSQLType()) ? column : sql`${column}::text`)

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

export function orderBy(columns: DrizzleColumns, order: readonly Order[]): SQL[] {
  return order.map(({ field, descending }) => {
    const column = columns.of(field)
    if (!descending) return sql`${column} asc`
    return column.notNull ? sql`${column} desc` : sql`${column} desc nulls last`
  })
}
