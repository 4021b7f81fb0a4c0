import type { AlterTableCmd, ColumnDef, Constraint, Node } from 'libpg-query'
import type { LockMode, LockWork } from '../../forecast.ts'
import { inside, relationName, typeText } from './names.ts'
import { isVolatile } from './volatile.ts'

/** What one part of an ALTER TABLE does. */
export interface Change {
  mode: LockMode
  work: LockWork
  advice?: string
  loses?: string
  unlessStoredAlike?: { column: string; type: string }
  /** Tables that it locks besides, and how. */
  others?: { table: string; mode: LockMode }[]
}

const MOMENT: Change = { mode: 'ACCESS EXCLUSIVE', work: 'moment' }
const MILD: Change = { mode: 'SHARE UPDATE EXCLUSIVE', work: 'moment' }

const VALIDATE_LATER =
  'Add it NOT VALID, and VALIDATE CONSTRAINT in a later migration: reads and writes go on while the rows are checked.'
const INDEX_FIRST =
  'Build the unique index with CREATE UNIQUE INDEX CONCURRENTLY in a migration before, then ADD CONSTRAINT … USING INDEX: that takes a moment.'
const REWRITE_IN_STEPS =
  'Add a new column, fill it in steps, let the program write both, then switch and drop the old one.'

/**
 * Lock modes as in AlterTableGetLockLevel of Postgres' tablecmds.c, and what it does to the rows as in the page of ALTER TABLE.
 * Undefined: not known.
 */
export function changeOf(command: AlterTableCmd): Change | undefined {
  const { subtype, name = '', def } = command
  switch (subtype) {
    case 'AT_AddColumn':
      return columnAdded(inside(def, 'ColumnDef'))
    case 'AT_DropColumn':
      return {
        ...MOMENT,
        loses: `the values of column ${name}`,
        advice: 'First deploy programs that no longer use the column.',
      }
    case 'AT_AlterColumnType':
      return typeChanged(name, inside(def, 'ColumnDef'))
    case 'AT_SetNotNull':
      return {
        mode: 'ACCESS EXCLUSIVE',
        work: 'scan',
        advice: `Add CHECK (${name} IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a later migration, then SET NOT NULL: it trusts the check and reads no rows.`,
      }
    case 'AT_AddConstraint':
      return constraintAdded(inside(def, 'Constraint'))
    case 'AT_ValidateConstraint':
      return { mode: 'SHARE UPDATE EXCLUSIVE', work: 'scan' }
    case 'AT_SetTableSpace':
    case 'AT_SetAccessMethod':
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
      return { mode: 'ACCESS EXCLUSIVE', work: 'rewrite', advice: 'Do it in a maintenance window.' }
    case 'AT_SetExpression':
      return { mode: 'ACCESS EXCLUSIVE', work: 'rewrite', advice: REWRITE_IN_STEPS }
    case 'AT_SetStatistics':
    case 'AT_ClusterOn':
    case 'AT_DropCluster':
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
    case 'AT_DetachPartitionFinalize':
      return MILD
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
      return optionsOf(def).some(option => !MILD_OPTIONS.test(option)) ? MOMENT : MILD
    case 'AT_EnableTrig':
    case 'AT_EnableAlwaysTrig':
    case 'AT_EnableReplicaTrig':
    case 'AT_EnableTrigAll':
    case 'AT_EnableTrigUser':
    case 'AT_DisableTrig':
    case 'AT_DisableTrigAll':
    case 'AT_DisableTrigUser':
      return { mode: 'SHARE ROW EXCLUSIVE', work: 'moment' }
    case 'AT_AttachPartition':
      return attached(def)
    case 'AT_DetachPartition':
      return detached(def)
    case 'AT_DropConstraint':
    case 'AT_DropNotNull':
    case 'AT_ColumnDefault':
    case 'AT_AddIdentity':
    case 'AT_SetIdentity':
    case 'AT_DropIdentity':
    case 'AT_DropExpression':
    case 'AT_SetStorage':
    case 'AT_SetCompression':
    case 'AT_ChangeOwner':
    case 'AT_AlterConstraint':
    case 'AT_EnableRule':
    case 'AT_DisableRule':
    case 'AT_EnableAlwaysRule':
    case 'AT_EnableReplicaRule':
    case 'AT_AddInherit':
    case 'AT_DropInherit':
    case 'AT_AddOf':
    case 'AT_DropOf':
    case 'AT_ReplicaIdentity':
    case 'AT_EnableRowSecurity':
    case 'AT_DisableRowSecurity':
    case 'AT_ForceRowSecurity':
    case 'AT_NoForceRowSecurity':
      return MOMENT
    default:
      return undefined
  }
}

const SERIAL = /^(small|big)?serial[248]?$/

function columnAdded({ colname = '', typeName, constraints = [] }: ColumnDef): Change {
  const each = constraints.map(node => inside(node, 'Constraint'))
  const default_ = each.find(constraint => constraint.contype === 'CONSTR_DEFAULT')
  const others = each.flatMap(({ contype, pktable }) =>
    contype === 'CONSTR_FOREIGN' && pktable
      ? [{ table: relationName(pktable), mode: 'SHARE ROW EXCLUSIVE' as const }]
      : [],
  )
  const also = others.length > 0 ? { others } : {}
  const isStored = each.some(({ contype, generated_kind }) => contype === 'CONSTR_GENERATED' && generated_kind !== 'v')
  const counts =
    each.some(({ contype }) => contype === 'CONSTR_IDENTITY') || SERIAL.test(typeName ? typeText(typeName) : '')
  if (isStored || counts || (default_?.raw_expr && isVolatile(default_.raw_expr)))
    return {
      mode: 'ACCESS EXCLUSIVE',
      work: 'rewrite',
      advice: `Add ${colname} without the default, set the default for new rows, and fill the old ones in steps.`,
      ...also,
    }
  if (each.some(({ contype }) => contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY'))
    return { mode: 'ACCESS EXCLUSIVE', work: 'build', advice: INDEX_FIRST, ...also }
  const checks = each.some(
    ({ contype, skip_validation }) =>
      contype === 'CONSTR_CHECK' || (contype === 'CONSTR_FOREIGN' && default_ && !skip_validation),
  )
  if (checks) return { mode: 'ACCESS EXCLUSIVE', work: 'scan', advice: VALIDATE_LATER, ...also }
  return { ...MOMENT, ...also }
}

function typeChanged(column: string, { typeName, raw_default }: ColumnDef): Change {
  const rewrite: Change = { mode: 'ACCESS EXCLUSIVE', work: 'rewrite', advice: REWRITE_IN_STEPS }
  // With USING the values are computed again, even where the type's stored form is the same.
  return raw_default || !typeName ? rewrite : { ...rewrite, unlessStoredAlike: { column, type: typeText(typeName) } }
}

function constraintAdded({ contype, skip_validation, indexname, pktable }: Constraint): Change | undefined {
  switch (contype) {
    case 'CONSTR_FOREIGN': {
      const others = pktable ? [{ table: relationName(pktable), mode: 'SHARE ROW EXCLUSIVE' as const }] : []
      const checked: Partial<Change> = skip_validation ? {} : { advice: VALIDATE_LATER }
      return { mode: 'SHARE ROW EXCLUSIVE', work: skip_validation ? 'moment' : 'scan', others, ...checked }
    }
    case 'CONSTR_CHECK':
    case 'CONSTR_NOTNULL':
      return skip_validation ? MOMENT : { mode: 'ACCESS EXCLUSIVE', work: 'scan', advice: VALIDATE_LATER }
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      return indexname ? MOMENT : { mode: 'ACCESS EXCLUSIVE', work: 'build', advice: INDEX_FIRST }
    case 'CONSTR_EXCLUSION':
      return {
        mode: 'ACCESS EXCLUSIVE',
        work: 'build',
        advice: 'There is no way to build it CONCURRENTLY: do it in a maintenance window.',
      }
    default:
      return undefined
  }
}

/** Those that ALTER TABLE … SET takes under SHARE UPDATE EXCLUSIVE. */
const MILD_OPTIONS = /^(fillfactor|toast_tuple_target|parallel_workers|autovacuum_|vacuum_|log_autovacuum_)/

function optionsOf(def: Node | undefined): string[] {
  return (inside(def, 'List').items ?? []).map(item => String(inside(item, 'DefElem').defname))
}

function attached(def: Node | undefined): Change {
  const partition = inside(def, 'PartitionCmd').name
  return {
    mode: 'SHARE UPDATE EXCLUSIVE',
    work: 'moment',
    others: partition ? [{ table: relationName(partition), mode: 'ACCESS EXCLUSIVE' }] : [],
    advice:
      'Its rows are read under the lock unless a valid CHECK constraint proves that they fit: add that before, and drop it after.',
  }
}

function detached(def: Node | undefined): Change {
  const command = inside(def, 'PartitionCmd')
  if (command.concurrent) return MILD
  return {
    ...MOMENT,
    others: command.name ? [{ table: relationName(command.name), mode: 'ACCESS EXCLUSIVE' }] : [],
    advice: 'DETACH PARTITION … CONCURRENTLY, alone in its migration, lets reads and writes go on.',
  }
}
