import { auditMigrations } from '../database/index.ts'
import { eventsMigrations } from '../events/index.ts'
import { idempotencyMigrations } from '../idempotency/index.ts'
import { kvMigrations } from '../kv/index.ts'
import { messagesMigrations } from '../messages/index.ts'
import { notificationsMigrations } from '../notifications/index.ts'
import { sagaMigrations } from '../saga/index.ts'
import { schedulerMigrations } from '../scheduler/index.ts'
import { syncMigrations } from '../sync/index.ts'
import type { CapabilityMigration, MigrationCollection } from './port.ts'

const BY_CAPABILITY = {
  audit: auditMigrations,
  events: eventsMigrations,
  idempotency: idempotencyMigrations,
  kv: kvMigrations,
  messages: messagesMigrations,
  notifications: notificationsMigrations,
  saga: sagaMigrations,
  scheduler: schedulerMigrations,
  sync: syncMigrations,
} satisfies Record<string, readonly CapabilityMigration[]>

/** The capabilities that keep tables in a service's own Postgres. */
export type StoredCapability = keyof typeof BY_CAPABILITY

/**
 * What these capabilities keep in a service's database, schema `substation_app`, as a source for `createMigrations`. Each may be
 * added later, in any order; rolling back with `to: null` removes the tables of those named here, and no others.
 */
export function libraryMigrations(...capabilities: [StoredCapability, ...StoredCapability[]]): MigrationCollection {
  const asked = [...new Set(capabilities)]
  return {
    name: `substation: ${asked.join(', ')}`,
    journal: { schema: 'substation_app', table: 'migration' },
    capabilities: asked.map(capability => ({ capability, migrations: BY_CAPABILITY[capability] })),
  }
}
