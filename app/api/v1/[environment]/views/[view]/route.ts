import { respond } from '@/app/_server/respond'
import { RefusalError } from '@/lib/console/platform/refusal'

/** A view as JSON; its filters are the query. */
export function GET(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/views/[view]'>,
): Promise<Response> {
  return respond(request, async (actor, { console, metrics }) => {
    const { environment, view: id } = await params
    const view = console.views.find(candidate => candidate.id === id)
    if (!view)
      throw new RefusalError({
        code: 'not_found',
        message: 'There is no such view.',
        nextStep: '/api/v1/openapi.json lists them all.',
        fields: { view: 'is not known' },
      })
    const began = performance.now()
    const reading = await console.view(view, environment, actor, Object.fromEntries(new URL(request.url).searchParams))
    metrics.viewSeconds.observe((performance.now() - began) / 1000, { view: id, outcome: 'read' })
    return reading
  })
}
