import { createHash } from 'node:crypto'
import type { MigrationScript } from '../port.ts'
import { describeStatement, type Forecast } from '../statements/describe.ts'
import { splitStatements } from '../statements/split.ts'

/** One direction of a migration from its text. drizzle-kit's breakpoints are comments in SQL, so both kinds are read alike. */
export function scriptOf(sql: string, forecast: Forecast): MigrationScript {
  const statements = splitStatements(sql).map(statement => describeStatement(statement, forecast))
  const problem = problemOf(statements)
  const trap = problem === undefined ? enumTrapOf(statements) : undefined
  return {
    sql,
    statements,
    checksum: createHash('sha256').update(sql).digest('hex'),
    alone: statements.length === 1 && statements[0]?.alone === true,
    ...(problem === undefined ? {} : { problem }),
    ...(trap === undefined ? {} : { enumTrap: trap }),
  }
}

function problemOf(statements: MigrationScript['statements']): string | undefined {
  const refused = statements.find(statement => statement.problem)
  if (refused) return `line ${refused.line} ${refused.problem}`
  const alone = statements.find(statement => statement.alone)
  if (alone && statements.length > 1)
    return `line ${alone.line} contains ${alone.verb}, which runs outside a transaction and cannot be rolled back with the rest: put it into a migration of its own`
  return undefined
}

/**
 * Postgres refuses to use a value of an enum in the transaction that added it, unless that transaction also created the enum
 * (https://www.postgresql.org/docs/current/sql-altertype.html).
 */
function enumTrapOf(statements: MigrationScript['statements']): MigrationScript['enumTrap'] {
  const created = new Set<string>()
  for (const [index, { forecast, line }] of statements.entries()) {
    if (forecast?.createsEnum !== undefined) created.add(forecast.createsEnum)
    const added = forecast?.addsValue
    if (!added || created.has(added.type)) continue
    const use = statements.slice(index + 1).find(later => later.forecast?.texts?.includes(added.value))
    if (use) return { ...added, addedIn: line, usedIn: use.line }
  }
  return undefined
}
