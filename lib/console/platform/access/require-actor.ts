import { RefusalError } from '../refusal.ts'
import type { Actor } from './roles.ts'
import type { Visitor } from './sessions.ts'

/** The person behind a request; refuses anyone without a role. `acts`: the request was to do something, and it was not done. */
export function requireActor(found: Visitor, { acts }: { acts: boolean }): Actor {
  const undone = acts ? ' Nothing was done.' : ''
  switch (found.status) {
    case 'admitted':
      return found.actor
    case 'denied':
      throw new RefusalError({
        code: 'forbidden',
        message: `${found.email} has no role here.${undone}`,
        nextStep: 'Ask an administrator for a role.',
      })
    case 'unavailable':
      throw new RefusalError({
        code: 'unavailable',
        message: `Your session cannot be checked: ${found.reason}.${undone}`,
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
