import type { Role } from '../operation/wire.ts'
import { RefusalError } from '../refusal.ts'
import type { Actor } from './roles.ts'

/** Refuses what a role may not do, and says which role may. `what` begins the sentence: `Aborting a run`. */
export function forbidden(what: string, needs: Role, { role }: Pick<Actor, 'role'>): RefusalError {
  return new RefusalError({
    code: 'forbidden',
    message: `${what} needs the ${needs} role; you are ${role}.`,
    nextStep: 'Ask someone with that role, or an administrator for the role.',
    needs,
  })
}
