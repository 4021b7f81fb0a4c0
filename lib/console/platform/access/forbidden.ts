import { RefusalError } from '../refusal.ts'
import { type Actor, PERMISSIONS, type Permission } from './roles.ts'

/** Refuses what a role may not do, and says which role may. `what` begins the sentence: `Aborting a run`. */
export function forbidden(what: string, permission: Permission, { role }: Pick<Actor, 'role'>): RefusalError {
  const needs = PERMISSIONS[permission]
  return new RefusalError({
    code: 'forbidden',
    message: `${what} needs the ${needs} role; you are ${role}.`,
    nextStep: 'Ask someone with that role, or an administrator for the role.',
    needs,
  })
}
