import type { Affected } from '../../../platform/operation/wire.ts'

const MOST_NAMED = 20

/** Of an act on these migrations. */
export const affectedMigrations = (plan: readonly { name: string }[]): Affected => ({
  count: plan.length,
  precision: 'exact',
  noun: plan.length === 1 ? 'migration' : 'migrations',
  sample: plan.slice(0, MOST_NAMED).map(({ name }) => name),
})
