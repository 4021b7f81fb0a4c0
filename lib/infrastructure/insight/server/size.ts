import type { Question } from '../port.ts'
import { oneRow } from '../row.ts'

/** Bytes on disk of the database and of all databases that the account may connect to. */
export interface DatabaseSize {
  database: number
  all: number
}

/** Postgres asks the file system about each file, so it is asked rarely. */
export const sizeQuestion: Question<DatabaseSize> = {
  id: 'size',
  freshFor: 300_000,
  answer: ask =>
    oneRow(
      ask<DatabaseSize>(`
      select pg_database_size(current_database())::float8 as database,
        (select sum(pg_database_size(oid))::float8 from pg_database where has_database_privilege(oid, 'connect')) as all`),
    ),
}
