import { pgSchema } from 'drizzle-orm/pg-core'

/** The console's tables are in a Postgres schema of their own, so that it never touches an application's tables. */
export const substation = pgSchema('substation')
