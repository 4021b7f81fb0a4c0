import { z } from 'zod'
import { defaultText, type SchemaShape, type TableShape, typeName } from './schema.ts'

const Named = z.record(z.string(), z.looseObject({ name: z.string() }))

const Snapshot = z.looseObject({
  version: z.literal('7'),
  dialect: z.literal('postgresql'),
  tables: z.record(
    z.string(),
    z.looseObject({
      name: z.string(),
      schema: z.string(),
      columns: z.record(
        z.string(),
        z.looseObject({
          name: z.string(),
          type: z.string(),
          primaryKey: z.boolean(),
          notNull: z.boolean(),
          default: z.unknown().optional(),
          identity: z.unknown().optional(),
          generated: z.unknown().optional(),
        }),
      ),
      indexes: z.record(
        z.string(),
        z.looseObject({
          name: z.string(),
          isUnique: z.boolean(),
          method: z.string(),
          where: z.string().optional(),
          columns: z.array(z.looseObject({ expression: z.string(), isExpression: z.boolean() })),
        }),
      ),
      foreignKeys: z.record(
        z.string(),
        z.looseObject({
          name: z.string(),
          tableTo: z.string(),
          schemaTo: z.string().optional(),
          columnsFrom: z.array(z.string()),
          columnsTo: z.array(z.string()),
          onDelete: z.string().optional(),
          onUpdate: z.string().optional(),
        }),
      ),
      compositePrimaryKeys: z.record(z.string(), z.looseObject({ columns: z.array(z.string()) })),
      uniqueConstraints: z.record(z.string(), z.looseObject({ name: z.string(), columns: z.array(z.string()) })),
      checkConstraints: Named.default({}),
    }),
  ),
  enums: z.record(z.string(), z.looseObject({ name: z.string(), schema: z.string(), values: z.array(z.string()) })),
})

/** What drizzle-kit's snapshot declares. Undefined: it is not a snapshot of Postgres in the format that is understood (version 7). */
export function declaredBy(snapshot: unknown): SchemaShape | undefined {
  const read = Snapshot.safeParse(snapshot)
  if (!read.success) return undefined
  const { tables, enums } = read.data
  return {
    tables: new Map(Object.values(tables).map(table => [`${table.schema || 'public'}.${table.name}`, tableOf(table)])),
    enums: new Map(Object.values(enums).map(({ schema, name, values }) => [`${schema || 'public'}.${name}`, values])),
  }
}

type SnapshotTable = z.infer<typeof Snapshot>['tables'][string]

function tableOf(table: SnapshotTable): TableShape {
  const columns = Object.values(table.columns)
  const [composite] = Object.values(table.compositePrimaryKeys)
  return {
    columns: new Map(
      columns.map(column => [
        column.name,
        {
          type: typeName(column.type),
          // A primary key is NOT NULL without its saying so.
          notNull: column.notNull || column.primaryKey,
          ...generatedOf(column),
          ...(column.default === undefined ? {} : { default: defaultText(literal(column.default)) }),
        },
      ]),
    ),
    indexes: new Map(
      Object.values(table.indexes).map(({ name, isUnique, method, where, columns: parts }) => [
        name,
        {
          unique: isUnique,
          method,
          columns: parts.map(part => (part.isExpression ? '(expression)' : part.expression)),
          partial: where !== undefined,
        },
      ]),
    ),
    foreignKeys: new Map(
      Object.values(table.foreignKeys).map(key => [
        key.name,
        foreignKeyText({
          from: key.columnsFrom,
          to: `${key.schemaTo || 'public'}.${key.tableTo}`,
          columns: key.columnsTo,
          onDelete: key.onDelete ?? 'no action',
          onUpdate: key.onUpdate ?? 'no action',
        }),
      ]),
    ),
    uniques: new Map(Object.values(table.uniqueConstraints).map(({ name, columns: of }) => [name, of.join(', ')])),
    checks: new Set(Object.values(table.checkConstraints).map(({ name }) => name)),
    primaryKey: composite?.columns ?? columns.filter(column => column.primaryKey).map(({ name }) => name),
  }
}

export function foreignKeyText(key: {
  from: readonly string[]
  to: string
  columns: readonly string[]
  onDelete: string
  onUpdate: string
}): string {
  const on = [
    key.onDelete === 'no action' ? '' : ` on delete ${key.onDelete}`,
    key.onUpdate === 'no action' ? '' : ` on update ${key.onUpdate}`,
  ]
  return `(${key.from.join(', ')}) references ${key.to} (${key.columns.join(', ')})${on.join('')}`
}

function generatedOf({ type, identity, generated }: SnapshotTable['columns'][string]) {
  if (identity) return { generated: 'identity' as const }
  if (generated) return { generated: 'stored' as const }
  return /serial$/.test(type) ? { generated: 'serial' as const } : {}
}

const literal = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
