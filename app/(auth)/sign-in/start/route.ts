import { NextResponse } from 'next/server'
import { running } from '@/app/_server/boot'
import { returnPath } from '@/app/_server/return-path'
import { storeDown } from '@/app/_server/store-down'

/** `GET /sign-in/start?provider=github&return=/…`: off to the provider. A plain link, so that it works before any script has loaded. */
export async function GET(request: Request): Promise<Response> {
  const { sessions, console, logger } = await running()
  const query = new URL(request.url).searchParams
  const provider = query.get('provider') ?? ''
  const back = returnPath(query.get('return'))
  const failed = (error: string) =>
    NextResponse.redirect(`${console.settings.url}/sign-in?error=${error}&return=${encodeURIComponent(back)}`)
  if (!console.settings.providers.some(candidate => candidate.id === provider)) return failed('unknown_provider')
  try {
    const auth = await sessions.auth()
    const answer = await auth.api.signInSocial({
      body: {
        provider,
        callbackURL: `${console.settings.url}${back}`,
        errorCallbackURL: `${console.settings.url}/sign-in`,
        disableRedirect: true,
      },
      headers: request.headers,
      asResponse: true,
    })
    const { url } = (await answer.json()) as { url?: string }
    if (!answer.ok || !url) return failed(await causeOfFailure(console))
    const response = NextResponse.redirect(url)
    for (const cookie of answer.headers.getSetCookie()) response.headers.append('set-cookie', cookie)
    return response
  } catch (error) {
    logger.error('sign-in could not be started', { error, provider })
    return failed(await causeOfFailure(console))
  }
}

/** Beginning takes both: the provider, and the Postgres that keeps what was begun. */
async function causeOfFailure(console: Parameters<typeof storeDown>[0]): Promise<string> {
  return (await storeDown(console)) === undefined ? 'provider_unavailable' : 'store_unavailable'
}
