import { RefusalError } from '../refusal.ts'
import type { Actor } from './roles.ts'
import type { Visitor } from './sessions.ts'

/** The person behind a request. Refuses everybody else; `acts`: something was to be done, and was not. */
export function requireActor(found: Visitor, { acts }: { acts: boolean }): Actor {
  const undone = acts ? ' Nothing was done.' : ''
  switch (found.status) {
    case 'admitted':
      return found.actor
    case 'denied':
      throw new RefusalError({
        code: 'forbidden',
        message: `${found.email} has no role here.${undone}`,
        nextStep: 'Ask an administrator to be let in.',
      })
    case 'unavailable':
      throw new RefusalError({
        code: 'unavailable',
        message: `Who you are cannot be checked: ${found.reason}.${undone}`,
        nextStep: 'Try again when Postgres is back.',
      })
    case 'anonymous':
      throw new RefusalError({
        code: 'unauthenticated',
        message: `You are not signed in.${undone}`,
        nextStep: acts ? 'Sign in at /sign-in, in another tab to keep what you entered.' : 'Sign in at /sign-in.',
      })
  }
}
