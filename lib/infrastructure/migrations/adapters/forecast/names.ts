import type {
  AlterTableCmd,
  ColumnDef,
  Constraint,
  DefElem,
  List,
  Node,
  PartitionCmd,
  RangeVar,
  TypeName,
  VacuumRelation,
} from 'libpg-query'

const bare = (name: string) => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`)

interface Kinds {
  AlterTableCmd: AlterTableCmd
  ColumnDef: ColumnDef
  Constraint: Constraint
  DefElem: DefElem
  List: List
  PartitionCmd: PartitionCmd
  VacuumRelation: VacuumRelation
}

/** What is in a node that is of this kind, by the grammar; empty where there is none. */
export function inside<K extends keyof Kinds>(node: Node | undefined, kind: K): Kinds[K] {
  return (node as Partial<Kinds> | undefined)?.[kind] ?? ({} as Kinds[K])
}

/** A relation as one would write it. */
export function relationName({ schemaname, relname }: RangeVar): string {
  return [schemaname, relname]
    .filter(part => part !== undefined)
    .map(bare)
    .join('.')
}

/** A name that is a list of strings. */
export function listedName(nodes: readonly Node[] | undefined): string {
  return (nodes ?? []).map(node => bare(textOf(node) ?? '')).join('.')
}

/** The text of a string node. */
export function textOf(node: Node | undefined): string | undefined {
  return node && 'String' in node ? node.String.sval : undefined
}

/** A type as Postgres reads it, with its modifiers: `varchar(20)`, `numeric(10,2)`, `public.mood[]`. */
export function typeText({ names, typmods, arrayBounds }: TypeName): string {
  const [first, ...rest] = names ?? []
  const parts = textOf(first) === 'pg_catalog' && rest.length > 0 ? rest : (names ?? [])
  const modifiers = (typmods ?? []).map(node => ('A_Const' in node ? (node.A_Const.ival?.ival ?? 0) : undefined))
  const written = modifiers.some(modifier => modifier === undefined) ? [] : modifiers
  return `${listedName(parts)}${written.length > 0 ? `(${written.join(',')})` : ''}${'[]'.repeat(arrayBounds?.length ?? 0)}`
}
