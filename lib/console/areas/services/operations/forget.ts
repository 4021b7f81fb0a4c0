import { z } from 'zod'
import { isLiving } from '../../../fleet/living.ts'
import type { FleetProcess, ForgottenProcess } from '../../../fleet/port.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { processes } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { ProcessId, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { matchesState, matchesText, processFilters } from '../matching.ts'

const UNDO_FOR = 10 * 60_000

const Input = z.strictObject({
  which: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('process'), process: ProcessId }),
    // The filter of the list; only stopped, lost or replaced ones are taken.
    z.strictObject({ kind: z.literal('matching'), ...processFilters }),
  ]),
  reason: Reason.optional(),
})
type Selection = z.infer<typeof Input>['which']

/** Those of the selection that are lost, replaced or stopped. */
async function forgettableOf(environment: ConsoleEnvironment, selection: Selection): Promise<FleetProcess[]> {
  const fleet = await environment.of(Fleet).read([], { maxAge: 0 })
  if (fleet.status !== 'up')
    throw new RefusalError({
      code: 'unavailable',
      message: `${fleet.reason}, so it is not known which processes have stopped. Nothing was done.`,
      nextStep: fleet.nextStep,
    })
  const meant = fleet.data.processes.filter(process =>
    selection.kind === 'process'
      ? process.id === selection.process
      : matchesText(process, selection) && matchesState(process, selection.state),
  )
  const gone = meant.filter(process => !isLiving(process))
  if (gone.length > 0) return gone
  const message =
    meant.length > 0
      ? 'They are running: only processes that are lost or stopped can be forgotten.'
      : 'There is no such process.'
  throw new RefusalError({
    code: meant.length > 0 ? 'conflict' : 'not_found',
    message,
    fields: { which: 'selects no process that can be forgotten' },
  })
}

export const forgetProcess = defineOperation({
  id: 'process.forget',
  title: 'Forget lost processes',
  description: 'Takes lost and stopped processes out of the list, so that they no longer need attention.',
  permission: 'process:forget',
  targetKind: 'process',
  place: 'services?state=lost&act=process.forget',
  input: Input,
  risk: ({ which }) => (which.kind === 'process' ? 'one' : 'many'),
  reason: 'optional',
  durable: true,
  resumable: true,
  lines: ['process', 'processes'],
  target: ({ which }) => ({ kind: 'process', name: nameOf(which) }),
  ofConsoleOnly: true,

  async preview({ environment }, { which }) {
    const gone = await forgettableOf(environment, which)
    return {
      summary: `${processes(gone.length)} that ${gone.length === 1 ? 'is' : 'are'} lost, replaced or stopped will no longer be listed. A process that comes back registers again.`,
      action: `Forget ${processes(gone.length)}`,
      affected: {
        count: gone.length,
        precision: 'exact',
        noun: gone.length === 1 ? 'process' : 'processes',
        // Several processes may have had the same instance name.
        sample: [...new Set(gone.map(process => process.instance))].slice(0, 10),
      },
      undo: { windowMs: UNDO_FOR },
    }
  },

  async run({ environment }, { which }, control) {
    const gone = await forgettableOf(environment, which).catch(error => {
      // Resumed after the last of them was forgotten: that is success, not an error.
      if (control.prior.size > 0 && error instanceof RefusalError) return []
      throw error
    })
    let done = [...control.prior.values()].filter(({ status }) => status === 'done').length
    const total = done + gone.length
    const forgotten: ForgottenProcess[] = []
    const undo = () => (forgotten.length > 0 ? { state: { forgotten }, windowMs: UNDO_FOR } : undefined)
    for (const process of gone) {
      if (control.signal.aborted)
        return {
          status: 'aborted',
          summary: `Aborted after ${done} of ${total}. Those already forgotten stay so.`,
          undo: undo(),
        }
      const [taken] = await environment.of(Fleet).forget([process.id])
      if (taken) forgotten.push(taken)
      await control.item(
        `${process.instance} (${process.id})`,
        taken ? 'done' : 'skipped',
        taken ? undefined : 'it came back',
      )
      control.progress({ done: ++done, total })
    }
    return { status: 'succeeded', summary: `Forgot ${processes(done)}.`, undo: undo() }
  },

  async undo({ environment }, state) {
    const { forgotten } = UndoState.parse(state)
    const listed = await environment.of(Fleet).remember(forgotten)
    const rest = forgotten.length - listed.length
    const came = rest > 0 ? ` ${processes(rest)} had come back on ${rest === 1 ? 'its' : 'their'} own.` : ''
    return {
      status: 'succeeded',
      summary: `${processes(listed.length)} ${listed.length === 1 ? 'is' : 'are'} listed again.${came}`,
    }
  },
})

const UndoState = z.object({
  forgotten: z.array(
    z.object({
      id: z.string(),
      lastBeatAt: z.number(),
      keys: z.array(z.object({ key: z.string(), value: z.string(), ttl: z.number() })),
    }),
  ),
})

function nameOf(selection: Selection): string {
  if (selection.kind === 'process') return selection.process
  const { service, state, q } = selection
  const what = [
    state === 'all' ? 'lost or stopped' : state,
    'processes',
    service && `of ${service}`,
    q && `matching ${q}`,
  ]
  return what.filter(Boolean).join(' ')
}
