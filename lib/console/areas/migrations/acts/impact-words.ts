import { formatBytes } from '../../../../core/number-format.ts'
import { formatDuration } from '../../../../core/time-format.ts'
import type {
  LockBlocker,
  LockForecast,
  LockImpact,
  MigrationEntry,
  MigrationImpact,
  MigrationStatus,
  StatementImpact,
} from '../../../../infrastructure/migrations/index.ts'
import { LOCK_MODES } from '../../../../infrastructure/migrations/index.ts'
import { counted } from '../../../platform/counted.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import type { MigrationDatabase } from '../port.ts'

/** Locks that make others wait who only read and write. */
const GRAVE = LOCK_MODES.slice(LOCK_MODES.indexOf('SHARE'))

/** What those up to `to` would lock in the database as it is now: who waits, for how long at least, who is in the way, and safer ways. */
export async function impactWarnings(
  database: MigrationDatabase,
  status: MigrationStatus,
  plan: readonly MigrationEntry[],
): Promise<string[]> {
  const impacts = await database.impact(status, plan.at(-1)?.name).catch((error: unknown) => {
    return `How large the tables are, and who is in the way, is not known: ${reasonOf(`Postgres ${database.name}`, error)}.`
  })
  if (typeof impacts === 'string') return [impacts, ...lockWarnings(plan, 'up')]
  const planned = new Set(plan.map(({ name }) => name))
  return [
    ...impacts.filter(({ name }) => planned.has(name)).flatMap(impactWords),
    ...plan.flatMap(entry => unknownWords(entry, 'up')),
  ]
}

function impactWords({ name, statements }: MigrationImpact): string[] {
  const locks = statements.flatMap(({ line, locks: of }) => of.map(lock => ({ ...lock, line })))
  const blockers = new Map(statements.flatMap(statement => statement.blockers).map(blocker => [blocker.pid, blocker]))
  return [
    ...byTable(locks).map(
      ({ strictest: lock, lines }) =>
        `${name} takes ${lock.mode} on ${lock.table} (${sizeWords(lock)}; ${lines}). ${lock.words}${atLeastWords(lock)}`,
    ),
    ...(blockers.size > 0 ? [`In the way of ${name} now: ${blockerWords([...blockers.values()])}.`] : []),
    ...statements.flatMap(statement =>
      statement.advice !== undefined && heavy(statement)
        ? [`Safer for line ${statement.line} of ${name}: ${statement.advice}`]
        : [],
    ),
  ]
}

/** Those that make others wait, once for each table: the strictest, the longest of its kind, and the lines of all. */
function byTable<L extends LockForecast & { line: number }>(locks: readonly L[]): { strictest: L; lines: string }[] {
  const grave = locks.filter(lock => GRAVE.includes(lock.mode))
  return [...Map.groupBy(grave, lock => lock.table ?? '').values()].flatMap(of => {
    const [strictest] = of.toSorted(
      (one, other) =>
        GRAVE.indexOf(other.mode) - GRAVE.indexOf(one.mode) || WORK.indexOf(other.work) - WORK.indexOf(one.work),
    )
    const lines = [...new Set(of.map(lock => lock.line))]
    return strictest ? [{ strictest, lines: `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}` }] : []
  })
}

const WORK: readonly LockForecast['work'][] = ['moment', 'rows', 'scan', 'build', 'rewrite']

const heavy = ({ locks }: StatementImpact) =>
  locks.some(({ work, mode }) => work !== 'moment' && (GRAVE.includes(mode) || mode === 'rows'))

/** `1.2 GB, about 3,400,000 rows, 120 written a second`. */
export function sizeWords({ rows, bytes, indexBytes, writesPerSecond }: LockImpact): string {
  return [
    `${formatBytes(bytes + indexBytes)}${indexBytes > 0 ? ' with its indexes' : ''}`,
    ...(rows === undefined ? [] : [`about ${counted(Math.round(rows), 'row')}`]),
    ...(writesPerSecond === undefined || writesPerSecond < 0.1
      ? []
      : [
          `${writesPerSecond < 10 ? writesPerSecond.toFixed(1) : Math.round(writesPerSecond).toLocaleString('en')} written a second`,
        ]),
  ].join(', ')
}

export const atLeastWords = ({ atLeastMs }: LockImpact) =>
  atLeastMs === undefined
    ? ''
    : ` At least ${formatDuration(Math.max(1, atLeastMs))}, at the rate at which a sample was read just now.`

export function blockerWords(blockers: readonly LockBlocker[]): string {
  const shown = blockers.slice(0, 3).map(({ pid, application, account, state, transactionMs, holds }) => {
    const since = transactionMs === undefined ? '' : `, its transaction ${formatDuration(transactionMs)} old`
    return `${application || account || 'a session'} (pid ${pid}${state ? `, ${state}` : ''}${since}${holds === 'snapshot' ? ', an older snapshot' : ''})`
  })
  const more = blockers.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** What each would lock by its text alone: once for each table, by the strictest of its statements. */
export function lockWarnings(plan: readonly MigrationEntry[], direction: 'up' | 'down'): string[] {
  return plan.flatMap(entry => {
    const { name, file } = entry
    const statements = (direction === 'up' ? file?.up : file?.down)?.statements ?? []
    const locking = statements.flatMap(({ forecast, line }) => (forecast?.locks ?? []).map(lock => ({ ...lock, line })))
    const warnings = byTable(locking).map(
      ({ strictest: { mode, table, words }, lines }) =>
        `${name} takes ${mode}${table ? ` on ${table}` : ''} (${lines}). ${words}`,
    )
    return [...warnings, ...unknownWords(entry, direction)]
  })
}

function unknownWords({ name, file }: MigrationEntry, direction: 'up' | 'down'): string[] {
  const statements = (direction === 'up' ? file?.up : file?.down)?.statements ?? []
  const unparsed = statements.flatMap(({ unparsed: words, line }) =>
    words === undefined ? [] : [`Line ${line} of ${name} is not understood by the parser of Postgres 18: ${words}.`],
  )
  const unknown = statements.filter(
    ({ forecast, unparsed: words, problem }) => !forecast && words === undefined && !problem,
  )
  if (unknown.length === 0) return unparsed
  const which =
    unknown.length === 1 ? `${unknown[0]?.verb} in line ${unknown[0]?.line}` : `${unknown.length} statements`
  return [...unparsed, `What ${which} of ${name} would lock is not known from the text.`]
}

/** What the statements of these take away for good, with the migration. */
export const lossesOf = (plan: readonly MigrationEntry[], direction: 'up' | 'down') =>
  plan.flatMap(({ name, file }) =>
    ((direction === 'up' ? file?.up : file?.down)?.statements ?? []).flatMap(({ forecast }) =>
      forecast?.loses === undefined ? [] : [`${forecast.loses} (${name})`],
    ),
  )
