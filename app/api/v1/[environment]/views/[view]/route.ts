import type { Running } from '@/app/_server/boot'
import { bodyOf, respond } from '@/app/_server/respond'
import { RefusalError } from '@/lib/console/platform/refusal'
import type { AnyView } from '@/lib/console/platform/view/define'

type Context = RouteContext<'/api/v1/[environment]/views/[view]'>

/** A view as JSON; its filters are the query. */
export function GET(request: Request, context: Context): Promise<Response> {
  return answer(request, context, async view => {
    if (view.inBody)
      throw new RefusalError({
        code: 'invalid',
        message: `“${view.title}” is asked by POST: what it is asked for must not stand in an address.`,
        nextStep: 'Send its filters as a JSON object in the body.',
      })
    return Object.fromEntries(new URL(request.url).searchParams)
  })
}

/** The same; its filters are the body. */
export function POST(request: Request, context: Context): Promise<Response> {
  return answer(request, context, (_view, state) => bodyOf(request, state))
}

function answer(
  request: Request,
  { params }: Context,
  filtersOf: (view: AnyView, state: Running) => Promise<Record<string, unknown>>,
): Promise<Response> {
  return respond(request, async (actor, state) => {
    const { console, metrics } = state
    const { environment, view: id } = await params
    const view = console.views.find(candidate => candidate.id === id)
    if (!view)
      throw new RefusalError({
        code: 'not_found',
        message: 'There is no such view.',
        nextStep: '/api/v1/openapi.json lists them all.',
        fields: { view: 'is not known' },
      })
    const filters = await filtersOf(view, state)
    const began = performance.now()
    const reading = await console.view(view, environment, actor, filters)
    metrics.viewSeconds.observe((performance.now() - began) / 1000, { view: id, outcome: 'read' })
    return reading
  })
}
