import { parseJson } from '../../../core/json.ts'
import { refused } from './conditions.ts'
import type { Condition, FieldCondition, Order } from './row-store.ts'

type Keys = (string | null)[]

/** Where a page ended: the order it was read in, and the values of its last row in that. */
export function cursorOf(order: Order[], keys: Keys): string {
  return Buffer.from(JSON.stringify([signOf(order), keys])).toString('base64url')
}

/** The values of a cursor, which may come from outside: a changed one can name another place of the same list, and nothing else. */
export function keysOf(cursor: unknown, order: Order[]): Keys {
  const read = typeof cursor === 'string' ? parseJson(Buffer.from(cursor, 'base64url').toString()) : undefined
  const [sign, keys] = Array.isArray(read) ? read : []
  const isSound =
    Array.isArray(keys) &&
    keys.length === order.length &&
    keys.every(key => key === null || (typeof key === 'string' && !key.includes('\0')))
  if (!isSound) throw refused('The cursor is not one of this list')
  if (sign !== signOf(order)) throw refused('The cursor is of a list in another order')
  return keys
}

const signOf = (order: Order[]) => order.map(({ field, descending }) => `${descending ? '-' : ''}${field}`).join(',')

/** What comes after these values. The bound of the first field says nothing new, but lets an index begin there. */
export function afterKeys(order: Order[], keys: Keys, isNullable: (field: string) => boolean): Condition[] {
  const at = (index: number, operator: FieldCondition['operator']): FieldCondition => {
    const field = order[index]?.field ?? ''
    const value = keys[index]
    if (value === null) return { field, operator: 'isNull' }
    return { field, operator, value, isText: true }
  }
  const any = order.flatMap(({ field, descending }, index): Condition[][] => {
    const same = order.slice(0, index).map((_, before) => at(before, 'eq'))
    // Rows without a value are the last, so nothing comes after them but others of that kind.
    if (keys[index] === null) return []
    const beyond = [...same, at(index, descending ? 'lt' : 'gt')]
    return isNullable(field) ? [beyond, [...same, { field, operator: 'isNull' }]] : [beyond]
  })
  const [first] = order
  if (!first || keys[0] === null || isNullable(first.field)) return [{ any }]
  return [at(0, first.descending ? 'lte' : 'gte'), { any }]
}
