import { running } from '@/app/_server/boot'
import { actorOf, json } from '@/app/_server/respond'
import { sameSecret } from '@/app/_server/same-secret'
import { RefusalError, statusOf } from '@/lib/console/platform/refusal'

/** Prometheus text. For a scraper with SUBSTATION_METRICS_TOKEN as its bearer token, or for anyone signed in. */
export async function GET(request: Request): Promise<Response> {
  const state = await running()
  const token = state.console.settings.metricsToken
  const given = request.headers.get('authorization')?.replace(/^Bearer /i, '')
  if (!(token && given && sameSecret(token, given))) {
    try {
      await actorOf(request, state)
    } catch (error) {
      if (error instanceof RefusalError) return json(statusOf(error.refusal), { error: error.refusal })
      throw error
    }
  }
  const { contentType, text } = await state.metrics.metrics.expose()
  return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
}
