import { bodyOf, respond } from '@/app/_server/respond'

/** Takes the act back, while its window lasts; answers with the run that does so. Body: `{}`. */
export function POST(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/runs/[run]/undo'>,
): Promise<Response> {
  return respond(request, async (actor, state) => {
    const { environment, run } = await params
    await bodyOf(request, state)
    return { run: await state.console.runner.undo(actor, environment, run) }
  })
}
