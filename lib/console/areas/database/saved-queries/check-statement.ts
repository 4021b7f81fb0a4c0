import type { SyntaxNode } from './adapters/sql-parser.ts'
import { BARE, FUNCTIONS, NODES, OPERATORS, TYPES, VALUE_FUNCTIONS } from './allowed.ts'
import { noteEqualities, type TableUse, textIn } from './table-use.ts'

interface ColumnUse {
  qualifier?: string
  name: string
}

export interface Checked {
  tables: TableUse[]
  columns: ColumnUse[]
  /** Names that the query gives to columns. */
  given: ReadonlySet<string>
  /** Names that stand for whole rows. */
  rows: ReadonlySet<string>
}

/** Why a query is not run, in words. */
class NotAllowed extends Error {}

type Fields = Record<string, unknown>
/** Common table expressions that can be named here. */
type Scope = ReadonlySet<string>

/** What a statement reads, where it is nothing but a query of tables: each node, function, operator and type of it is in the list of what is allowed. */
export function checkStatement(tree: SyntaxNode): Checked | { problem: string } {
  const checked: Collected = { tables: [], columns: [], given: new Set(), rows: new Set(), expanding: new WeakSet() }
  const select = (tree as { SelectStmt?: Fields }).SelectStmt
  if (!select) return { problem: 'Only a SELECT can be run: nothing may be changed, and no setting.' }
  try {
    checkNode('SelectStmt', select, new Set(), checked)
    return checked
  } catch (error) {
    if (error instanceof NotAllowed) return { problem: error.message }
    throw error
  }
}

function checkNode(kind: string, fields: Fields, scope: Scope, into: Collected): void {
  const allowed = NODES[kind]
  if (!allowed) throw new NotAllowed(WORDS[kind] ?? `${kind} is not allowed in a query.`)
  for (const [name, value] of Object.entries(fields))
    if (name !== 'location' && !allowed.includes(name) && value !== undefined && !isNothing(value))
      throw new NotAllowed(WORDS[name] ?? `${name} (of ${kind}) is not allowed in a query.`)
  const inside = kind === 'SelectStmt' ? checkSelect(fields, scope, into) : scope
  CHECKS[kind]?.(fields, scope, into)
  if (kind === 'A_Const') return
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'withClause') continue
    if (kind === 'SelectStmt' && (name === 'larg' || name === 'rarg'))
      checkNode('SelectStmt', value as Fields, inside, into)
    else if (BARE[name]) checkNode(BARE[name], value as Fields, inside, into)
    else checkInside(value, inside, into)
  }
}

interface Collected extends Checked {
  given: Set<string>
  rows: Set<string>
  /** Stars that stand for columns; any other stands for a whole row. */
  expanding: WeakSet<object>
}

function isNothing(value: unknown): boolean {
  return value === false || value === 0
}

/** A node, or a list of them; plain values say nothing. */
function checkInside(value: unknown, scope: Scope, into: Collected): void {
  if (Array.isArray(value)) {
    for (const one of value) checkInside(one, scope, into)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [kind, fields] of Object.entries(value)) checkNode(kind, fields as Fields, scope, into)
}

/** Resolves with what its parts can name: each WITH can name those before it. */
function checkSelect(select: Fields, scope: Scope, into: Collected): Scope {
  const inside = new Set(scope)
  const clause = select.withClause as Fields | undefined
  if (clause) {
    checkNode('WithClause', { ...clause, ctes: [] }, scope, into)
    for (const node of (clause.ctes ?? []) as { CommonTableExpr: Fields }[]) {
      checkNode('CommonTableExpr', node.CommonTableExpr, inside, into)
      inside.add(node.CommonTableExpr.ctename as string)
    }
  }
  const before = into.tables.length
  // Tables of this FROM, not of a query within it.
  const from = tablesIn((select.fromClause ?? []) as unknown[], inside)
  into.tables.push(...from)
  if (into.tables.length > before) noteEqualities(select, into.tables.slice(before))
  for (const node of (select.targetList ?? []) as { ResTarget?: Fields }[]) {
    const column = (node.ResTarget?.val as { ColumnRef?: object } | undefined)?.ColumnRef
    if (column) into.expanding.add(column)
  }
  return inside
}

function tablesIn(nodes: readonly unknown[], scope: Scope): TableUse[] {
  return nodes.flatMap(node => {
    const { RangeVar, JoinExpr } = node as { RangeVar?: Fields; JoinExpr?: Fields }
    if (JoinExpr) {
      const joined = tablesIn([JoinExpr.larg, JoinExpr.rarg], scope)
      // An alias of a join hides the names below it.
      return JoinExpr.alias ? joined.map(table => ({ ...table, renamed: true })) : joined
    }
    if (!RangeVar) return []
    const {
      schemaname,
      relname,
      alias,
      location = 0,
    } = RangeVar as {
      schemaname?: string
      relname: string
      alias?: { aliasname: string; colnames?: unknown[] }
      location?: number
    }
    if (schemaname === undefined && scope.has(relname)) return []
    return [
      {
        ...(schemaname === undefined ? {} : { schema: schemaname }),
        name: relname,
        ...(alias ? { alias: alias.aliasname } : {}),
        renamed: alias?.colnames !== undefined,
        at: location,
        equals: [],
      },
    ]
  })
}

const isStar = (node: unknown) => typeof node === 'object' && node !== null && 'A_Star' in node

/** `pg_catalog.lower` and `lower` are the same: nothing else is searched. */
function plainName(nodes: unknown, what: string): string {
  const path = (nodes as unknown[]).map(textIn)
  const name = path.at(-1) ?? ''
  if (path.length > 2 || (path.length === 2 && path[0] !== 'pg_catalog'))
    throw new NotAllowed(`The ${what} ${path.join('.')} is not one of Postgres’ own, so it is not allowed.`)
  return name
}

const CHECKS: Readonly<Record<string, (fields: Fields, scope: Scope, into: Collected) => void>> = {
  FuncCall({ funcname }, _scope, into) {
    const name = plainName(funcname, 'function')
    if (!FUNCTIONS.has(name))
      throw new NotAllowed(`The function ${name} is not allowed: only functions that compute from their arguments are.`)
    into.given.add(name)
  },
  A_Expr({ name }) {
    const operator = plainName(name, 'operator')
    if (!OPERATORS.has(operator)) throw new NotAllowed(`The operator ${operator} is not allowed.`)
  },
  SubLink({ operName }) {
    if (!operName) return
    const operator = plainName(operName, 'operator')
    if (!OPERATORS.has(operator)) throw new NotAllowed(`The operator ${operator} is not allowed.`)
  },
  TypeName({ names }, _scope, into) {
    const type = plainName(names, 'type')
    if (!TYPES.has(type)) throw new NotAllowed(`A cast to ${type} is not allowed.`)
    into.given.add(type)
  },
  SQLValueFunction({ op }) {
    if (!VALUE_FUNCTIONS.has(op as string)) throw new NotAllowed('Names of accounts and schemas are not allowed.')
  },
  A_Indirection({ indirection }) {
    if ((indirection as object[]).some(node => !('A_Indices' in node)))
      throw new NotAllowed('A field of a row cannot be taken out with (…).field: name the column.')
  },
  RangeVar({ relname, inh, schemaname, location = 0 }, scope, into) {
    if (inh !== true) throw new NotAllowed('ONLY is not allowed.')
    const name = relname as string
    into.rows.add(name)
    const isNoted = into.tables.some(({ at }) => at === location)
    if (!isNoted && !(schemaname === undefined && scope.has(name)))
      throw new NotAllowed(`The table ${name} can only be named in FROM.`)
    if (schemaname === undefined && !scope.has(name) && name.startsWith('pg_'))
      throw new NotAllowed(`${name} cannot be read: catalogs of the system are left out.`)
  },
  CommonTableExpr({ ctename, aliascolnames }, _scope, into) {
    // Where it could not be named after all, a catalog of this name would be read.
    if ((ctename as string).startsWith('pg_'))
      throw new NotAllowed(`${ctename} is a name of the system: call it something else.`)
    for (const node of (aliascolnames ?? []) as unknown[]) into.given.add(textIn(node) ?? '')
  },
  ResTarget({ name }, _scope, into) {
    if (name !== undefined) into.given.add(name as string)
  },
  RangeFunction({ alias }, _scope, into) {
    // A function of one column names it so.
    if (alias) into.given.add((alias as Fields).aliasname as string)
  },
  Alias({ aliasname, colnames }, _scope, into) {
    into.rows.add(aliasname as string)
    for (const node of (colnames ?? []) as unknown[]) into.given.add(textIn(node) ?? '')
  },
  ColumnRef(column, _scope, into) {
    const nodes = column.fields as unknown[]
    const path = nodes.map(textIn)
    if (nodes.some(isStar)) {
      if (into.expanding.has(column)) return
      throw new NotAllowed(`${path[0] ?? ''}.* stands for a whole row here: name its columns.`)
    }
    const name = path.at(-1) ?? ''
    const qualifier = path.at(-2)
    if (path.length > 2) throw new NotAllowed(`Write ${path.slice(-2).join('.')}, without the schema.`)
    into.columns.push({ name, ...(qualifier === undefined ? {} : { qualifier }) })
  },
}

/** Why a part of the grammar is not allowed. */
const WORDS: Readonly<Record<string, string>> = {
  intoClause: 'SELECT … INTO makes a table, so it is not allowed.',
  lockingClause: 'Rows cannot be locked (FOR UPDATE, FOR SHARE).',
  recursive: 'WITH RECURSIVE is not allowed.',
  InsertStmt: 'INSERT changes rows, so it is not allowed.',
  UpdateStmt: 'UPDATE changes rows, so it is not allowed.',
  DeleteStmt: 'DELETE removes rows, so it is not allowed.',
  MergeStmt: 'MERGE changes rows, so it is not allowed.',
  catalogname: 'A table of another database cannot be read.',
  RangeTableSample: 'TABLESAMPLE is not allowed.',
  CollateClause: 'COLLATE is not allowed.',
  XmlExpr: 'XML is not allowed: what is in it cannot be checked for secrets.',
}
