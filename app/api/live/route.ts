import { running } from '@/app/_server/boot'
import { liveStream } from '@/app/_server/live-stream'
import { json } from '@/app/_server/respond'

/** `GET /api/live?environment=…`: server-sent events that say which topics changed. */
export async function GET(request: Request): Promise<Response> {
  const environment = new URL(request.url).searchParams.get('environment') ?? ''
  const stream = await liveStream(request, environment, await running())
  return (
    stream ??
    json(401, {
      error: { code: 'unauthenticated', message: 'You are not signed in, or there is no such environment.' },
    })
  )
}
