import type { StatementReading } from '../../../../infrastructure/insight/index.ts'
import type { Part } from '../../../platform/part/part.ts'
import type { PostgresServer } from '../../../servers/postgres/servers.ts'
import type { StatementMatcher } from './match.ts'
import type { StatementTexts } from './texts.ts'

/** The statements of one declared database. */
export interface StatementReader {
  readonly database: string
  readonly server: PostgresServer
  /** Counts that are at most a minute old. */
  read(): Promise<Part<StatementReading>>
  texts: StatementTexts['read']
  /** Finds them in what services report. */
  match: StatementMatcher['match']
}
