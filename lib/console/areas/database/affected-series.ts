import type { AffectedSeries } from '../../platform/operation/define.ts'
import { postgresService } from '../../series/names.ts'
import { DATABASE_SERIES } from './samples.ts'

/** What ending a session is meant to change. */
export const waitingSeries = (database: string): AffectedSeries[] => [
  { service: postgresService(database), series: DATABASE_SERIES.waiting, label: 'Locks waited for', bad: true },
]
