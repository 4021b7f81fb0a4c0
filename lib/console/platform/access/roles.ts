import type { Role } from '../operation/wire.ts'
import type { AccessRules } from '../settings/port.ts'

export const ROLES: readonly Role[] = ['viewer', 'operator', 'admin']

/** `area:verb`. Areas declare theirs, each with the least role that has it; a view or an operation names one. */
export type Permission = `${string}:${string}`

/** Who may do what, of the permissions that the areas declare. */
export interface Access {
  readonly permissions: Readonly<Record<Permission, Role>>
  /** Whether a role is at least the one that the permission needs. A permission that no area declares is granted to no one. */
  isAllowed(role: Role, permission: Permission): boolean
  /** Permissions of a role in a stable order: part of the key under which a view is cached. */
  permissionsOf(role: Role): Permission[]
  /** The least role that has it; the highest one for a permission that no area declares. */
  roleFor(permission: Permission): Role
}

export function accessOf(permissions: Readonly<Record<Permission, Role>>): Access {
  const isAllowed = (role: Role, permission: Permission) => {
    const needs = permissions[permission]
    return needs !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(needs)
  }
  return {
    permissions,
    isAllowed,
    permissionsOf: role =>
      (Object.keys(permissions) as Permission[]).filter(permission => isAllowed(role, permission)).sort(),
    roleFor: permission => permissions[permission] ?? 'admin',
  }
}

/** Who is asking. `role` comes from the rules when the session was read, not when it began. */
export interface Actor {
  id: string
  name: string
  email: string
  role: Role
  via: 'console' | 'api'
  /** Ties a row of the audit to the request that caused it. */
  request: string
}

/**
 * The role that the rules give a person, or undefined: no access. Only an address that the provider has verified counts, because
 * anyone can write someone else's into a profile.
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
