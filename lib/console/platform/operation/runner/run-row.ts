import type { operationRun } from '../../../../../drizzle/schema/index.ts'

/** A run as it is stored. */
export type RunRow = typeof operationRun.$inferSelect
