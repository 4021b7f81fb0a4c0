import { z } from 'zod'
import { isLiving } from '../../../fleet/living.ts'
import type { FleetProcess } from '../../../fleet/port.ts'
import { Fleet } from '../../../fleet/resources.ts'
import { processes } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, ProcessId, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'

const Input = z.strictObject({
  which: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('process'), process: ProcessId }),
    z.strictObject({ kind: z.literal('service'), service: Name }),
    z.strictObject({ kind: z.literal('all') }),
  ]),
  reason: Reason.optional(),
})
type Which = z.infer<typeof Input>['which']

/** Those that are silent or gone, among the ones meant. */
async function goneAmong(environment: ConsoleEnvironment, which: Which): Promise<FleetProcess[]> {
  const fleet = await environment.of(Fleet).read([], { maxAge: 0 })
  if (fleet.status !== 'up')
    throw new RefusalError({
      code: 'unavailable',
      message: `${fleet.reason}, so it cannot be told which processes are gone. Nothing was done.`,
      nextStep: fleet.nextStep,
    })
  const meant = fleet.data.processes.filter(process =>
    which.kind === 'all'
      ? true
      : which.kind === 'service'
        ? process.service === which.service
        : process.id === which.process,
  )
  const gone = meant.filter(process => !isLiving(process))
  if (gone.length > 0) return gone
  const message =
    meant.length > 0
      ? 'They are alive: only processes that are lost or have left can be forgotten.'
      : 'There is no such process.'
  throw new RefusalError({
    code: meant.length > 0 ? 'conflict' : 'not_found',
    message,
    fields: { which: 'names nothing that could be forgotten' },
  })
}

export const forgetProcess = defineOperation({
  id: 'process.forget',
  title: 'Forget lost processes',
  description: 'Takes processes that are not coming back out of the list, so that they no longer want attention.',
  permission: 'process:forget',
  targetKind: 'process',
  place: 'services?state=lost&act=process.forget',
  input: Input,
  risk: ({ which }) => (which.kind === 'process' ? 'one' : 'many'),
  reason: 'optional',
  durable: true,
  resumable: true,
  lines: ['process', 'processes'],
  target: ({ which }) => ({
    kind: 'process',
    name: which.kind === 'process' ? which.process : which.kind === 'service' ? which.service : 'all lost processes',
  }),

  async preview({ environment }, { which }) {
    const gone = await goneAmong(environment, which)
    return {
      summary: `${processes(gone.length)} that ${gone.length === 1 ? 'is' : 'are'} lost, replaced or gone will no longer be listed. One that comes back registers anew.`,
      action: `Forget ${processes(gone.length)}`,
      affected: {
        count: gone.length,
        precision: 'exact',
        noun: gone.length === 1 ? 'process' : 'processes',
        // One place may have seen several: told once.
        sample: [...new Set(gone.map(process => process.instance))].slice(0, 10),
      },
    }
  },

  async run({ environment }, { which }, control) {
    const gone = await goneAmong(environment, which).catch(error => {
      // Taken up again after the last of them was forgotten: that is success, not an error.
      if (control.prior.size > 0 && error instanceof RefusalError) return []
      throw error
    })
    let done = [...control.prior.values()].filter(({ status }) => status === 'done').length
    const total = done + gone.length
    for (const process of gone) {
      if (control.signal.aborted)
        return { status: 'aborted', summary: `Aborted after ${done} of ${total}. Those already forgotten stay so.` }
      const forgotten = await environment.of(Fleet).forget([process.id])
      await control.item(
        `${process.instance} (${process.id})`,
        forgotten.length > 0 ? 'done' : 'skipped',
        forgotten.length > 0 ? undefined : 'it came back',
      )
      control.progress({ done: ++done, total })
    }
    return { status: 'succeeded', summary: `Forgot ${processes(done)}.` }
  },
})
