import { bodyOf, respond } from '@/app/_server/respond'

/** What it would do, and the token that its execution asks for. Body: `{input}`. */
export function POST(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/operations/[operation]/preview'>,
): Promise<Response> {
  return respond(request, async (actor, state) => {
    const { environment, operation } = await params
    const { input } = await bodyOf(request, state)
    return { preview: await state.console.runner.preview(actor, { environment, operation, input }) }
  })
}
