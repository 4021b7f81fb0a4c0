import { running } from '@/app/_server/boot'

/** OAuth callbacks, sessions and signing out, by better-auth. */
async function handle(request: Request): Promise<Response> {
  const { sessions } = await running()
  const auth = await sessions.auth()
  const answer = await auth.handler(request)
  // Once it is gone: what was read of it until now is not remembered.
  if (new URL(request.url).pathname.endsWith('/sign-out')) sessions.forget(request.headers)
  return answer
}

export { handle as GET, handle as POST }
