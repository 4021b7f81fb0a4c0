import { pgSchema } from 'drizzle-orm/pg-core'

/** Everything of the console lives in a Postgres schema of its own, so that it can never touch an application's tables. */
export const substation = pgSchema('substation')
