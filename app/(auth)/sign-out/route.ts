import { NextResponse } from 'next/server'
import { running } from '@/app/_server/boot'

/** `POST /sign-out`: ends the session. */
export async function POST(request: Request): Promise<Response> {
  const { sessions, console } = await running()
  const origin = request.headers.get('origin')
  if (origin !== null && origin !== new URL(console.settings.url).origin)
    return new Response('The request came from another site.', { status: 403 })
  const auth = await sessions.auth()
  const answer = await auth.api.signOut({ headers: request.headers, asResponse: true })
  // Once it is gone: what was read of it until now is not remembered.
  sessions.forget(request.headers)
  const response = NextResponse.redirect(`${console.settings.url}/sign-in?signed-out=1`, 303)
  for (const cookie of answer.headers.getSetCookie()) response.headers.append('set-cookie', cookie)
  return response
}
