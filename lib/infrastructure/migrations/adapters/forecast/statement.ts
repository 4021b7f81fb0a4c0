import type { AlterTableStmt, CreateStmt, DropStmt, Node, ReindexStmt, VacuumStmt } from 'libpg-query'
import {
  type LockForecast,
  type LockMode,
  type LockWork,
  type StatementForecast,
  strictness,
  wordsOf,
} from '../../forecast.ts'
import type { Forecast } from '../../statements/describe.ts'
import { type Change, changeOf } from './alter-table.ts'
import { inside, listedName, relationName } from './names.ts'
import { openParser, type Parse } from './parse.ts'

export async function openForecast(): Promise<Forecast> {
  const parse = await openParser()
  return sql => forecastWith(parse, sql)
}

function forecastWith(parse: Parse, sql: string): ReturnType<Forecast> {
  const parsed = parse(sql)
  if ('refused' in parsed) return { unparsed: parsed.refused }
  const forecast = forecastOf(parsed.tree)
  if (!forecast) return {}
  const texts = textsIn(parsed.tree)
  return { forecast: { ...forecast, ...(texts.length > 0 ? { texts } : {}) } }
}

const NOTHING: StatementForecast = { locks: [] }

function lock(mode: LockMode, work: LockWork, table: string | undefined): LockForecast {
  return { mode, work, ...(table === undefined ? {} : { table }), words: wordsOf(mode, work) }
}

/** https://www.postgresql.org/docs/current/explicit-locking.html, and the page of each statement. */
function forecastOf(tree: Node): StatementForecast | undefined {
  if ('AlterTableStmt' in tree) return altered(tree.AlterTableStmt)
  if ('CreateStmt' in tree) return created(tree.CreateStmt)
  if ('DropStmt' in tree) return dropped(tree.DropStmt)
  if ('VacuumStmt' in tree) return vacuumed(tree.VacuumStmt)
  if ('ReindexStmt' in tree) return reindexed(tree.ReindexStmt)
  if ('IndexStmt' in tree) {
    const { relation, concurrent } = tree.IndexStmt
    const table = relation && relationName(relation)
    if (concurrent) return { locks: [lock('SHARE UPDATE EXCLUSIVE', 'build', table)] }
    return {
      locks: [lock('SHARE', 'build', table)],
      advice: 'CREATE INDEX CONCURRENTLY, alone in its migration, lets writes go on.',
    }
  }
  if ('RenameStmt' in tree) {
    const { relation, renameType, relationType, subname, newname } = tree.RenameStmt
    if (!relation) return NOTHING
    const table = relationName(relation)
    if (renameType === 'OBJECT_INDEX') return { locks: [lock('SHARE UPDATE EXCLUSIVE', 'moment', table)] }
    const isUsed = renameType === 'OBJECT_TABLE' || (renameType === 'OBJECT_COLUMN' && relationType !== 'OBJECT_TYPE')
    return {
      locks: [lock('ACCESS EXCLUSIVE', 'moment', table)],
      ...(renameType === 'OBJECT_TABLE' ? { removesTables: [table] } : {}),
      ...(isUsed
        ? {
            advice: `Programs that use the name ${subname ?? table} fail as soon as this is committed: a view of the old name, or both columns for a while, keep them working until all use ${newname}.`,
          }
        : {}),
    }
  }
  if ('UpdateStmt' in tree)
    return written(tree.UpdateStmt.relation, 'UPDATE', tree.UpdateStmt.whereClause === undefined)
  if ('DeleteStmt' in tree)
    return written(tree.DeleteStmt.relation, 'DELETE', tree.DeleteStmt.whereClause === undefined)
  if ('MergeStmt' in tree) return written(tree.MergeStmt.relation, 'MERGE', false)
  if ('InsertStmt' in tree) {
    const { relation } = tree.InsertStmt
    const words = 'Nothing waits, except for rows of the same key.'
    return { locks: [{ ...lock('rows', 'rows', relation && relationName(relation)), words }] }
  }
  if ('TruncateStmt' in tree)
    return {
      locks: relationsOf(tree.TruncateStmt.relations).map(table => lock('ACCESS EXCLUSIVE', 'moment', table)),
      loses: 'all rows',
    }
  if ('RefreshMatViewStmt' in tree) {
    const { relation, concurrent } = tree.RefreshMatViewStmt
    const table = relation && relationName(relation)
    if (concurrent) return { locks: [lock('EXCLUSIVE', 'scan', table)] }
    return {
      locks: [lock('ACCESS EXCLUSIVE', 'rewrite', table)],
      advice: 'REFRESH MATERIALIZED VIEW CONCURRENTLY lets reads go on; the view needs a unique index.',
    }
  }
  if ('ClusterStmt' in tree) {
    const { relation } = tree.ClusterStmt
    return {
      locks: [lock('ACCESS EXCLUSIVE', 'rewrite', relation && relationName(relation))],
      advice: 'Do it in a maintenance window, or use the extension pg_repack.',
    }
  }
  if ('LockStmt' in tree) {
    const mode = LOCK_BY_NUMBER[tree.LockStmt.mode ?? 0]
    const tables = relationsOf(tree.LockStmt.relations)
    return mode ? { locks: tables.map(table => lock(mode, 'rows', table)) } : NOTHING
  }
  if ('CreateTrigStmt' in tree) return onTable(tree.CreateTrigStmt.relation, 'SHARE ROW EXCLUSIVE')
  if ('RuleStmt' in tree) return onTable(tree.RuleStmt.relation, 'ACCESS EXCLUSIVE')
  if ('CreatePolicyStmt' in tree) return onTable(tree.CreatePolicyStmt.table, 'ACCESS EXCLUSIVE')
  if ('AlterPolicyStmt' in tree) return onTable(tree.AlterPolicyStmt.table, 'ACCESS EXCLUSIVE')
  if ('AlterObjectSchemaStmt' in tree) {
    const { relation } = tree.AlterObjectSchemaStmt
    return {
      ...onTable(relation, 'ACCESS EXCLUSIVE'),
      ...(relation ? { removesTables: [relationName(relation)] } : {}),
    }
  }
  if ('CreateStatsStmt' in tree)
    return {
      locks: relationsOf(tree.CreateStatsStmt.relations).map(table => lock('SHARE UPDATE EXCLUSIVE', 'moment', table)),
    }
  if ('CommentStmt' in tree) {
    const { objtype, object } = tree.CommentStmt
    const names = inside(object, 'List').items ?? []
    if (objtype === 'OBJECT_TABLE') return { locks: [lock('SHARE UPDATE EXCLUSIVE', 'moment', listedName(names))] }
    if (objtype === 'OBJECT_COLUMN')
      return { locks: [lock('SHARE UPDATE EXCLUSIVE', 'moment', listedName(names.slice(0, -1)))] }
    return NOTHING
  }
  if ('AlterSeqStmt' in tree) return onTable(tree.AlterSeqStmt.sequence, 'SHARE ROW EXCLUSIVE')
  if ('ViewStmt' in tree) return tree.ViewStmt.replace ? onTable(tree.ViewStmt.view, 'ACCESS EXCLUSIVE') : NOTHING
  if ('AlterEnumStmt' in tree) {
    const { typeName, newVal, oldVal } = tree.AlterEnumStmt
    return oldVal === undefined && newVal !== undefined
      ? { locks: [], addsValue: { type: listedName(typeName), value: newVal } }
      : NOTHING
  }
  if ('CreateEnumStmt' in tree) return { locks: [], createsEnum: listedName(tree.CreateEnumStmt.typeName) }
  return KINDS_THAT_LOCK_NOTHING.some(kind => kind in tree) ? NOTHING : undefined
}

const KINDS_THAT_LOCK_NOTHING = [
  ...[
    'CreateSchemaStmt',
    'CreateSeqStmt',
    'CreateFunctionStmt',
    'CreateExtensionStmt',
    'CreateDomainStmt',
    'DefineStmt',
  ],
  ...[
    'CompositeTypeStmt',
    'CreateRangeStmt',
    'CreateTableAsStmt',
    'VariableSetStmt',
    'VariableShowStmt',
    'CreateRoleStmt',
  ],
  ...[
    'GrantStmt',
    'GrantRoleStmt',
    'AlterDefaultPrivilegesStmt',
    'AlterRoleStmt',
    'CreateCastStmt',
    'AlterFunctionStmt',
  ],
  ...['TransactionStmt', 'CheckPointStmt', 'AlterSystemStmt', 'AlterDatabaseSetStmt', 'NotifyStmt'],
]

/** Postgres' numbers of the modes of LOCK TABLE; those below make nobody wait who only reads and writes. */
const LOCK_BY_NUMBER: Partial<Record<number, LockMode>> = {
  4: 'SHARE UPDATE EXCLUSIVE',
  5: 'SHARE',
  6: 'SHARE ROW EXCLUSIVE',
  7: 'EXCLUSIVE',
  8: 'ACCESS EXCLUSIVE',
}

type Relation = Parameters<typeof relationName>[0] | undefined

function onTable(relation: Relation, mode: LockMode): StatementForecast {
  return relation ? { locks: [lock(mode, 'moment', relationName(relation))] } : NOTHING
}

function relationsOf(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap(node => ('RangeVar' in node ? [relationName(node.RangeVar)] : []))
}

function altered({ relation, cmds = [], objtype }: AlterTableStmt): StatementForecast | undefined {
  const table = relation && relationName(relation)
  // ALTER INDEX, VIEW, SEQUENCE and the like have the same form.
  if (objtype !== 'OBJECT_TABLE' && objtype !== 'OBJECT_MATVIEW' && objtype !== 'OBJECT_FOREIGN_TABLE')
    return objtype === 'OBJECT_INDEX'
      ? { locks: [lock('SHARE UPDATE EXCLUSIVE', 'moment', table)] }
      : { locks: [lock('ACCESS EXCLUSIVE', 'moment', table)] }
  const changes = cmds.map(node => changeOf(inside(node, 'AlterTableCmd')))
  if (!changes.every((change): change is Change => change !== undefined)) return undefined
  const strictest = changes.toSorted((one, other) => strictness(other.mode) - strictness(one.mode))[0]
  const heaviest = changes.toSorted((one, other) => WORK.indexOf(other.work) - WORK.indexOf(one.work))[0]
  if (!strictest || !heaviest) return undefined
  const advice = changes.flatMap(change => change.advice ?? [])
  const loses = changes.flatMap(change => change.loses ?? [])
  // Where another part rewrites in any case, a type that is stored alike changes nothing.
  const surely = changes.some(change => change.work === 'rewrite' && !change.unlessStoredAlike)
  const alike = surely ? undefined : changes.find(change => change.unlessStoredAlike)?.unlessStoredAlike
  const own: LockForecast = {
    ...lock(strictest.mode, heaviest.work, table),
    ...(alike ? { unlessStoredAlike: alike } : {}),
  }
  if (alike) own.words += ' A change that keeps the stored form rewrites nothing.'
  // All are held until the end: the table that a foreign key refers to is locked while the rows are checked.
  const others = changes
    .flatMap(change => change.others ?? [])
    .map(other => lock(other.mode, heaviest.work, other.table))
  return {
    locks: [own, ...others],
    ...(advice.length > 0 ? { advice: [...new Set(advice)].join(' ') } : {}),
    ...(loses.length > 0 ? { loses: loses.join(', ') } : {}),
  }
}

const WORK: readonly LockWork[] = ['moment', 'rows', 'scan', 'build', 'rewrite']

function created({
  relation,
  tableElts = [],
  inhRelations = [],
  partbound,
  constraints = [],
}: CreateStmt): StatementForecast {
  const columns = tableElts.flatMap(node => [node, ...(inside(node, 'ColumnDef').constraints ?? [])])
  const referenced = [...columns, ...constraints].flatMap(node => {
    const { pktable } = inside(node, 'Constraint')
    return pktable ? [relationName(pktable)] : []
  })
  const parents = relationsOf(inhRelations).map(table =>
    lock(partbound ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', 'moment', table),
  )
  const advice = partbound
    ? 'Create the table without PARTITION OF, then ALTER TABLE … ATTACH PARTITION: that lets reads and writes of the parent go on.'
    : undefined
  return {
    locks: [...parents, ...[...new Set(referenced)].map(table => lock('SHARE ROW EXCLUSIVE', 'moment', table))],
    ...(relation && relation.relpersistence !== 't' ? { createsTable: relationName(relation) } : {}),
    ...(advice === undefined ? {} : { advice }),
  }
}

function dropped({ objects = [], removeType, concurrent, behavior }: DropStmt): StatementForecast | undefined {
  // What depends on it, and so what is locked, only the catalog knows.
  if (behavior === 'DROP_CASCADE' && removeType !== 'OBJECT_TABLE') return undefined
  const names = objects.map(node => inside(node, 'List').items ?? [])
  switch (removeType) {
    case 'OBJECT_INDEX':
      return concurrent
        ? { locks: names.map(name => lock('SHARE UPDATE EXCLUSIVE', 'moment', listedName(name))) }
        : {
            locks: names.map(name => lock('ACCESS EXCLUSIVE', 'moment', listedName(name))),
            advice: 'DROP INDEX CONCURRENTLY, alone in its migration, makes nothing wait.',
          }
    case 'OBJECT_TABLE':
      return {
        locks: names.map(name => lock('ACCESS EXCLUSIVE', 'moment', listedName(name))),
        removesTables: names.map(listedName),
        loses: `the rows of ${names.map(listedName).join(', ')}`,
        advice: 'First deploy programs that no longer use it. Tables that it refers to are locked for the same moment.',
      }
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_SEQUENCE':
    case 'OBJECT_FOREIGN_TABLE':
      return { locks: names.map(name => lock('ACCESS EXCLUSIVE', 'moment', listedName(name))) }
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      return { locks: names.map(name => lock('ACCESS EXCLUSIVE', 'moment', listedName(name.slice(0, -1)))) }
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_AGGREGATE':
    case 'OBJECT_EXTENSION':
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
    case 'OBJECT_STATISTIC_EXT':
      return { locks: [] }
    default:
      // A schema, for example, takes what is in it along.
      return undefined
  }
}

function vacuumed({ options = [], rels = [], is_vacuumcmd }: VacuumStmt): StatementForecast {
  const isFull = is_vacuumcmd && options.some(node => inside(node, 'DefElem').defname === 'full')
  const tables = rels.flatMap(node => {
    const { relation } = inside(node, 'VacuumRelation')
    return relation ? [relationName(relation)] : []
  })
  const of = (table?: string) =>
    isFull
      ? lock('ACCESS EXCLUSIVE', 'rewrite', table)
      : lock('SHARE UPDATE EXCLUSIVE', is_vacuumcmd ? 'scan' : 'moment', table)
  return {
    locks: tables.length > 0 ? tables.map(of) : [of()],
    ...(isFull
      ? {
          advice:
            'A plain VACUUM lets reads and writes go on; to give space back without a lock use the extension pg_repack.',
        }
      : {}),
  }
}

function reindexed({ relation, params = [], kind }: ReindexStmt): StatementForecast {
  const name = relation && relationName(relation)
  if (params.some(node => inside(node, 'DefElem').defname === 'concurrently'))
    return { locks: [lock('SHARE UPDATE EXCLUSIVE', 'build', name)] }
  return {
    locks: [
      kind === 'REINDEX_OBJECT_INDEX'
        ? {
            ...lock('ACCESS EXCLUSIVE', 'build', name),
            words: 'Writes of its table wait while the index is built, and reads that would use it.',
          }
        : lock('SHARE', 'build', name),
    ],
    advice: 'REINDEX … CONCURRENTLY, alone in its migration, lets reads and writes go on.',
  }
}

function written(relation: Relation, verb: string, all: boolean): StatementForecast {
  return {
    locks: [lock('rows', 'rows', relation && relationName(relation))],
    loses: verb === 'DELETE' ? 'the rows that it deletes' : 'the values that it replaces',
    ...(all
      ? {
          advice:
            'It writes every row, and all stay locked until the migration is committed: do it in steps of some thousand rows, outside migrations.',
        }
      : {}),
  }
}

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  const text = (value as { A_Const?: { sval?: { sval?: string } } }).A_Const?.sval?.sval
  return [...(text === undefined ? [] : [text]), ...Object.values(value).flatMap(textsIn)]
}
