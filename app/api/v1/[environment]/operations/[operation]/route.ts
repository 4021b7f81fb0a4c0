import { optionalText } from '@/app/_server/optional-text'
import { bodyOf, respond } from '@/app/_server/respond'

/** Does it. Body: `{input, token?, typedName?}`; answers with the run. */
export function POST(
  request: Request,
  { params }: RouteContext<'/api/v1/[environment]/operations/[operation]'>,
): Promise<Response> {
  return respond(request, async (actor, state) => {
    const { environment, operation } = await params
    const { input, token, typedName } = await bodyOf(request, state)
    const run = await state.console.runner.run(actor, {
      environment,
      operation,
      input,
      token: optionalText('token', token),
      typedName: optionalText('typedName', typedName),
    })
    state.metrics.operations.inc(1, { operation, outcome: run.status })
    return { run }
  })
}
