import { doublePrecision, index, integer, primaryKey, real, serial, text, timestamp, unique } from 'drizzle-orm/pg-core'
import { substation } from './schema.ts'

const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** The names of what is sampled, stored once: a row of figures is then three numbers instead of a hundred letters. */
export const series = substation.table(
  'series',
  {
    id: serial('id').primaryKey(),
    environment: text('environment').notNull(),
    service: text('service').notNull(),
    name: text('name').notNull(),
    /** gauge | worst | rate | spread: how its figures are put together over services and over time. */
    kind: text('kind').notNull(),
    /** Roughly when it was last measured. */
    lastAt: at('last_at').notNull().defaultNow(),
  },
  table => [unique('series_name').on(table.environment, table.service, table.name)],
)

const figures = {
  /** Beginning of the ten seconds, or of the minute. */
  bucket: at('bucket').notNull(),
  value: doublePrecision('value').notNull(),
  series: integer('series').notNull(),
  /**
   * For a histogram: how many observations were between each two bounds of the fixed layout, the last above all of them. In the row, because
   * percentiles need all of them at once, and nineteen rows would each have an overhead larger than the number.
   */
  spread: real('spread').array(),
}

/** Figures of ten seconds, kept for two days. Partitioned by day: a day is dropped as a file, not deleted row by row. */
export const sample = substation.table('sample', figures, table => [
  primaryKey({ columns: [table.series, table.bucket] }),
])

/** The same by the minute, kept for thirty days. */
export const sampleMinute = substation.table('sample_minute', figures, table => [
  primaryKey({ columns: [table.series, table.bucket] }),
])

/** A version that appeared in a service. `previous` is null for what was running when the console first looked. */
export const deploy = substation.table(
  'deploy',
  {
    environment: text('environment').notNull(),
    service: text('service').notNull(),
    at: at('at').notNull(),
    version: text('version').notNull(),
    previous: text('previous'),
    commit: text('commit'),
  },
  table => [
    primaryKey({ columns: [table.environment, table.service, table.at, table.version] }),
    index('deploy_recent').on(table.environment, table.at.desc()),
  ],
)
