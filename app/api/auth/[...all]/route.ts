import { running } from '@/app/_server/boot'
import { storeDown } from '@/app/_server/store-down'

/** OAuth callbacks, sessions and signing out, by better-auth. */
async function handle(request: Request): Promise<Response> {
  const { sessions, console } = await running()
  const auth = await sessions.auth()
  const answer = await auth.handler(request)
  // A browser that comes back from the provider is shown why it is not signed in, not an empty page.
  if (answer.status >= 500 && request.method === 'GET' && (await storeDown(console)) !== undefined)
    return Response.redirect(`${console.settings.url}/sign-in?error=store_unavailable`)
  // Once it is gone: what was read of it until now is not remembered.
  if (new URL(request.url).pathname.endsWith('/sign-out')) sessions.forget(request.headers)
  return answer
}

export { handle as GET, handle as POST }
