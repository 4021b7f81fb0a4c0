import type { Role } from '../operation/wire.ts'
import type { AccessRules } from '../settings/port.ts'

export const ROLES: readonly Role[] = ['viewer', 'operator', 'admin']

/** Every permission there is, with the least role that has it. A view or an operation names one of these. */
export const PERMISSIONS = {
  'fleet:read': 'viewer',
  'health:read': 'viewer',
  'breaker:read': 'viewer',
  'run:read': 'viewer',
  'audit:read': 'viewer',
  'target:read': 'viewer',
  'metric:read': 'viewer',
  'cache:read': 'viewer',
  'queue:read': 'viewer',
  'migration:read': 'viewer',
  'breaker:force': 'operator',
  'breaker:release': 'operator',
  'breaker:reset': 'operator',
  'cache:invalidate': 'operator',
  // Keys may be named for sessions and people, and a walk over them is work for a Redis that may be ill.
  'key:read': 'operator',
  'run:abort': 'operator',
  'process:forget': 'operator',
  // Data of jobs may hold what must not be seen by everybody; without this, fields that sound secret are hidden.
  'queue:payload': 'operator',
  'queue:pause': 'operator',
  'queue:resume': 'operator',
  'queue:replay': 'operator',
  'queue:promote': 'operator',
  // What is removed is gone: nothing can bring it back.
  'queue:remove': 'admin',
  'cache:delete-keys': 'admin',
  'migration:run': 'admin',
  'migration:roll-back': 'admin',
} as const satisfies Record<string, Role>
export type Permission = keyof typeof PERMISSIONS

/** Who is asking. `role` was worked out from the rules when the session was read, not when it began. */
export interface Actor {
  id: string
  name: string
  email: string
  role: Role
  via: 'console' | 'api'
  /** Ties a row of the audit to the request that caused it. */
  request: string
}

/** Whether a role is at least the one that the permission asks for. */
export function isAllowed(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission])
}

/** Permissions of a role in a stable order: part of the key under which a view is remembered. */
export function permissionsOf(role: Role): Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter(permission => isAllowed(role, permission))
}

/**
 * The role that the rules give a person, or undefined: no entry. Only an address the provider has verified counts, because
 * anyone can write somebody else's into a profile.
 */
export function roleOf(
  rules: AccessRules,
  person: { email: string; emailVerified: boolean; login?: string | null },
): Role | undefined {
  const email = person.emailVerified ? person.email.toLowerCase() : undefined
  const login = person.login?.toLowerCase()
  const listed = (list: string[]) =>
    (email !== undefined && list.includes(email)) || (login !== undefined && list.includes(login))
  if (listed(rules.admins)) return 'admin'
  if (listed(rules.operators)) return 'operator'
  if (listed(rules.viewers)) return 'viewer'
  const domain = email?.split('@').at(-1)
  return domain !== undefined && rules.allowedDomains.includes(domain) ? rules.defaultRole : undefined
}
