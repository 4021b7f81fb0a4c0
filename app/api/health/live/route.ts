import { json } from '@/app/_server/respond'

/** The process answers: that is all a supervisor needs before it restarts one that does not. */
export function GET(): Response {
  return json(200, { status: 'up' })
}
