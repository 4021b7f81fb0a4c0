import { bodyOf, respond } from '@/app/_server/respond'

/** Asks the run to stop; what it has done stays done. Body: `{}`. */
export function POST(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/runs/[run]/abort'>,
): Promise<Response> {
  return respond(request, async (actor, state) => {
    const { environment, run } = await params
    await bodyOf(request, state)
    return { run: await state.console.runner.abort(actor, environment, run) }
  })
}
