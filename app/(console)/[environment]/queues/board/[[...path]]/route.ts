import { running } from '@/app/_server/boot'
import { actorOf } from '@/app/_server/respond'
import { BullBoard } from '@/lib/console/areas/queues/resource'
import { forbidden } from '@/lib/console/platform/access/forbidden'
import { unknownEnvironment } from '@/lib/console/platform/environment/unknown'
import { RefusalError, statusOf } from '@/lib/console/platform/refusal'

/** Bull Board, read-only. It shows payloads whole, so it is for those who may see them; its page wants scripts and a base of its own. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  // It asks for Google's fonts, and does without.
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export async function GET(
  request: Request,
  { params }: RouteContext<'/[environment]/queues/board/[[...path]]'>,
): Promise<Response> {
  const state = await running()
  const { environment: name, path } = await params
  try {
    const actor = await actorOf(request, state)
    const environment = state.console.environment(name)
    if (!environment) throw unknownEnvironment(state.console.settings)
    const { access } = state.console
    if (!access.isAllowed(actor.role, 'queue:payload'))
      throw forbidden('Bull Board shows what jobs carry, which', access.roleFor('queue:payload'), actor)
    const answer = await environment.of(BullBoard).fetch(request)
    const headers = new Headers(answer.headers)
    headers.set('content-security-policy', POLICY)
    if (!path?.includes('static')) headers.set('cache-control', 'no-store')
    return new Response(answer.body, { status: answer.status, headers })
  } catch (error) {
    if (!(error instanceof RefusalError)) {
      state.logger.error('Bull Board failed', { error })
      return new Response('Bull Board could not be shown. The reason is in the console’s log.', { status: 500 })
    }
    const { refusal } = error
    if (refusal.code === 'unauthenticated') {
      const asked = new URL(request.url)
      return Response.redirect(
        `${state.console.settings.url}/sign-in?return=${encodeURIComponent(asked.pathname + asked.search)}`,
      )
    }
    return new Response([refusal.message, refusal.nextStep].filter(Boolean).join(' '), { status: statusOf(refusal) })
  }
}
