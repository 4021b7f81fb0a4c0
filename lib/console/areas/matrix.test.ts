import { globSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, redisUrl } from '../../infrastructure/testing/servers.ts'
import type { Console } from '../open.ts'
import { ROLES, roleOf } from '../platform/access/roles.ts'
import type { Role } from '../platform/operation/wire.ts'
import { RefusalError } from '../platform/refusal.ts'
import { actorOf, openTestConsole, testSettings } from '../testing/open-test-console.ts'
import { registry } from './index.ts'

const { access, operations, views } = registry

let database: Awaited<ReturnType<typeof createDatabase>>
let console: Console
const settings = () => console.settings.environments[0]?.name ?? ''

beforeAll(async () => {
  database = await createDatabase()
  console = await openTestConsole(testSettings({ databaseUrl: database.url, redisUrl: redisUrl() }))
})
afterAll(async () => {
  await console?.close()
  await database?.drop()
})

const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => 'let through',
    (error: unknown) => (error instanceof RefusalError ? error.refusal.code : `threw ${String(error)}`),
  )

/** Written by hand: the test is that the registry agrees with it. */
const MAY: Record<string, Role[]> = {
  'attention.acknowledge': ['operator', 'admin'],
  'attention.mute': ['operator', 'admin'],
  'attention.restore': ['operator', 'admin'],
  'breaker.force': ['operator', 'admin'],
  'breaker.release': ['operator', 'admin'],
  'breaker.reset': ['operator', 'admin'],
  'breaker.change-policy': ['operator', 'admin'],
  'breaker.restore-policy': ['operator', 'admin'],
  'message.cancel': ['operator', 'admin'],
  'message.resend': ['operator', 'admin'],
  'message.suppress': ['operator', 'admin'],
  'message.unsuppress': ['operator', 'admin'],
  'policy.change-limits': ['operator', 'admin'],
  'policy.restore-limits': ['operator', 'admin'],
  'provider.force': ['operator', 'admin'],
  'provider.release': ['operator', 'admin'],
  'provider.test': ['operator', 'admin'],
  'cache.invalidate': ['operator', 'admin'],
  'database.cancel': ['operator', 'admin'],
  'database.terminate': ['operator', 'admin'],
  'cache.switch': ['operator', 'admin'],
  'cache.switch-on': ['operator', 'admin'],
  'cache.warm': ['operator', 'admin'],
  'cache.delete-keys': ['admin'],
  'database.vacuum': ['operator', 'admin'],
  'database.analyze': ['operator', 'admin'],
  'database.create-index': ['admin'],
  'database.drop-index': ['admin'],
  'database.reindex': ['admin'],
  'database.measure-plan': ['admin'],
  'database.save-query': ['admin'],
  'database.edit-query': ['admin'],
  'database.delete-query': ['admin'],
  'process.forget': ['operator', 'admin'],
  'queue.pause': ['operator', 'admin'],
  'queue.resume': ['operator', 'admin'],
  'queue.replay': ['operator', 'admin'],
  'queue.promote': ['operator', 'admin'],
  'queue.release': ['operator', 'admin'],
  'queue.release-parent': ['operator', 'admin'],
  'queue.remove-family': ['admin'],
  'queue.set-major': ['operator', 'admin'],
  'events.replay': ['operator', 'admin'],
  'saga.retry': ['operator', 'admin'],
  'saga.compensate': ['operator', 'admin'],
  'schedule.run': ['operator', 'admin'],
  'schedule.pause': ['operator', 'admin'],
  'schedule.resume': ['operator', 'admin'],
  'schedule.change': ['operator', 'admin'],
  'schedule.restore': ['operator', 'admin'],
  'worker.ignore-dependencies': ['operator', 'admin'],
  'worker.mind-dependencies': ['operator', 'admin'],
  'queue.remove': ['admin'],
  'queue.release-deduplication': ['admin'],
  'queue.remove-found': ['admin'],
  'queue.promote-found': ['operator', 'admin'],
  'queue.release-found': ['operator', 'admin'],
  'queue.add-job': ['operator', 'admin'],
  'queue.change-delay': ['operator', 'admin'],
  'queue.change-priority': ['operator', 'admin'],
  'queue.clean': ['admin'],
  'queue.drain': ['admin'],
  'queue.duplicate': ['operator', 'admin'],
  'queue.edit-payload': ['operator', 'admin'],
  'queue.move-to-dead-letters': ['operator', 'admin'],
  'queue.obliterate': ['admin'],
  'queue.run-now': ['operator', 'admin'],
  'queue.set-limits': ['operator', 'admin'],
  'dead-letters.replay': ['operator', 'admin'],
  'dead-letters.discard': ['admin'],
  'dead-letters.import': ['operator', 'admin'],
  'migration.run': ['admin'],
  'migration.baseline': ['admin'],
  'migration.dry-run': ['admin'],
  'migration.roll-back': ['admin'],
}

/** Every role may see everything else. */
const MAY_NOT_SEE: Record<string, Role[]> = {
  'database-plan': ['viewer'],
  'database-rows': ['viewer', 'operator'],
  'database-query-rows': ['viewer', 'operator'],
  'database-saved-queries': ['viewer', 'operator'],
  'cache-key': ['viewer'],
  'cache-key-copies': ['viewer'],
  'cache-keys': ['viewer'],
  'cache-sizes': ['viewer'],
  'key-prefix': ['viewer'],
  'big-keys': ['viewer'],
}

describe.each(ROLES)('%s', role => {
  test.each(operations.map(operation => operation.id))('operation %s', async id => {
    expect(MAY[id], `${id} is missing from the matrix`).toBeDefined()
    const request = { environment: settings(), operation: id, input: {} }
    const expected = MAY[id]?.includes(role) ? 'invalid' : 'forbidden'
    expect(await codeOf(console.runner.preview(actorOf(role), request))).toBe(expected)
    expect(await codeOf(console.runner.run(actorOf(role), request))).toBe(expected)
  })

  test.each(views.map(view => [view.id, view] as const))('view %s', async (_id, view) => {
    const expected = MAY_NOT_SEE[view.id]?.includes(role) ? 'forbidden' : 'let through'
    expect(await codeOf(console.view(view, settings(), actorOf(role), {}))).toBe(expected)
  })
})

test('a role without the permission of a view is refused it', async () => {
  for (const view of views) {
    // Almost every view is open to all roles today, so the test makes one up: it must not depend on which roles there are.
    const nobody = { ...actorOf('viewer'), role: 'nobody' as Role }
    expect(await codeOf(console.view(view, settings(), nobody, {})), view.id).toBe('forbidden')
  }
})

test('every operation in a folder of operations, and every view in a folder of views, is registered', async () => {
  const found = { operations: new Set<unknown>(), views: new Set<unknown>() }
  for (const kind of ['operations', 'views'] as const)
    for (const file of globSync(`*/${kind}/*.ts`, { cwd: import.meta.dirname, exclude: ['**/*.test.ts'] })) {
      const defined = Object.values(await import(join(import.meta.dirname, file))).filter(isDefinition)
      if (kind === 'operations') expect(defined, `${file} defines one operation`).toHaveLength(1)
      for (const definition of defined) found[kind].add(definition)
    }
  expect([...found.operations].sort(byId)).toEqual([...operations].sort(byId))
  expect([...found.views].sort(byId)).toEqual([...views].sort(byId))
})

const isDefinition = (value: unknown): value is { id: string } =>
  typeof value === 'object' && value !== null && 'id' in value && ('run' in value || 'read' in value)
const byId = (a: unknown, b: unknown) => (isDefinition(a) && isDefinition(b) ? a.id.localeCompare(b.id) : 0)

test('every permission is used', () => {
  const used = new Set([
    ...operations.map(operation => operation.permission),
    ...views.map(view => view.permission),
    'run:abort',
    'target:read',
    // The views themselves decide what a reader without it sees of a statement or of a job's data.
    'database:text',
    'queue:payload',
    'message:content',
  ])
  expect([...used].sort()).toEqual(Object.keys(access.permissions).sort())
})

test('view filters that are wrong in any way are dropped and reported, and the view is read', async () => {
  const hostile = [
    '',
    'x'.repeat(5_000),
    '\u0000',
    "'; drop table substation.audit_event; --",
    '{"$gt":""}',
    '-1',
    'NaN',
    '‮evil',
    '../../etc/passwd',
  ]
  for (const view of views) {
    for (const filter of Object.keys(view.filters.shape)) {
      for (const value of hostile) {
        const reading = await console.view(view, settings(), actorOf('admin'), { [filter]: value, unknown: value })
        for (const dropped of reading.dropped) expect(dropped.filter).toBe(filter)
        expect(JSON.stringify(reading.data), `${view.id}?${filter}=${value}`).not.toContain('"status":"down","reason"')
      }
    }
  }
  const reading = await console.view(views.find(view => view.id === 'breakers')!, settings(), actorOf('viewer'), {
    state: 'ajar',
  })
  expect(reading.dropped).toMatchObject([{ filter: 'state' }])
})

test('roles come from verified addresses and logins only', () => {
  const rules = {
    admins: ['root@corp.test', 'octocat'],
    operators: ['op@corp.test'],
    viewers: [],
    allowedDomains: ['corp.test'],
    defaultRole: 'viewer' as const,
  }
  expect(roleOf(rules, { email: 'ROOT@corp.test', emailVerified: true })).toBe('admin')
  expect(roleOf(rules, { email: 'root@corp.test', emailVerified: false })).toBeUndefined()
  expect(roleOf(rules, { email: 'x@elsewhere.test', emailVerified: false, login: 'Octocat' })).toBe('admin')
  expect(roleOf(rules, { email: 'new@corp.test', emailVerified: true })).toBe('viewer')
  expect(roleOf(rules, { email: 'new@evil-corp.test', emailVerified: true })).toBeUndefined()
  expect(roleOf(rules, { email: 'root@corp.test.evil.test', emailVerified: true })).toBeUndefined()
})

test('an admin may do all that an operator may, and an operator all that a viewer may', () => {
  for (const permission of access.permissionsOf('admin')) {
    const may = ROLES.map(role => access.isAllowed(role, permission))
    expect([...may].sort()).toEqual(may)
  }
})
