/** A table that a query reads, as it is written there. */
export interface TableUse {
  schema?: string
  name: string
  alias?: string
  /** It or its columns have other names in the query: a condition that seems to name one may be about something else. */
  renamed: boolean
  /** The byte at which its name begins. */
  at: number
  /** Columns that must equal a value whatever else holds: their index can find the rows. */
  equals: { column: string; by: Operand }[]
}

/** A parameter, or a text as it is written in the query. */
type Operand = { parameter: number } | { text: string }

type Fields = Record<string, unknown>

/** The text of a string node. */
export const textIn = (node: unknown) => (node as { String?: { sval?: string } }).String?.sval

/** A condition that every row of the answer passes may be asked of the table already: what has no index otherwise has one then. */
export function noteEqualities(select: Fields, tables: readonly TableUse[]): void {
  const only = ((select.fromClause ?? []) as unknown[]).length === 1 && tables.length === 1
  const isPlain = only && 'RangeVar' in (((select.fromClause ?? []) as object[])[0] ?? {})
  for (const condition of conjuncts(select.whereClause)) {
    const { kind, name, lexpr, rexpr } = (condition as { A_Expr?: Fields }).A_Expr ?? {}
    if (kind !== 'AEXPR_OP' || textIn((name as unknown[])[0]) !== '=') continue
    for (const [side, other] of [
      [lexpr, rexpr],
      [rexpr, lexpr],
    ]) {
      const path = ((side as { ColumnRef?: { fields: unknown[] } }).ColumnRef?.fields ?? []).map(textIn)
      const by = operandOf(other)
      const column = path.at(-1)
      if (by === undefined || column === undefined) continue
      const named = tables.filter(table => path.length === 2 && (table.alias ?? table.name) === path[0])
      const [table] = path.length === 1 && isPlain ? tables : named
      if (table && !table.renamed && (path.length === 1 || named.length === 1)) table.equals.push({ column, by })
    }
  }
}

function conjuncts(node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return []
  const { BoolExpr } = node as { BoolExpr?: { boolop: string; args: unknown[] } }
  return BoolExpr?.boolop === 'AND_EXPR' ? BoolExpr.args.flatMap(conjuncts) : [node]
}

function operandOf(node: unknown): Operand | undefined {
  const { TypeCast, ParamRef, A_Const } = node as {
    TypeCast?: { arg: unknown; typeName: { names: unknown[]; typmods?: unknown; arrayBounds?: unknown } }
    ParamRef?: { number: number }
    A_Const?: { sval?: { sval?: string } }
  }
  if (TypeCast) {
    // Another type, or a shorter text, is another value.
    const { names, typmods, arrayBounds } = TypeCast.typeName
    const isText = names.length === 1 && textIn(names[0]) === 'text' && !typmods && !arrayBounds
    return isText ? operandOf(TypeCast.arg) : undefined
  }
  if (ParamRef) return { parameter: ParamRef.number }
  return A_Const?.sval ? { text: A_Const.sval.sval ?? '' } : undefined
}
