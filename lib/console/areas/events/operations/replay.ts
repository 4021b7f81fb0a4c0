import { warnUnable } from '../../../fleet/holders.ts'
import { Commands } from '../../../fleet/resources.ts'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { followReplay } from '../follow-replay.ts'
import { readReported } from '../read.ts'
import { countedBy, ReplayInput, replayHolder } from '../replay-target.ts'

export const replayEvents = defineOperation({
  id: 'events.replay',
  title: 'Replay events',
  description:
    'Sends the stored events of a span of time to one subscription again, those that it was given before too. Its handlers get them as new deliveries.',
  permission: 'event:replay',
  targetKind: 'subscription',
  input: ReplayInput,
  risk: 'many',
  reason: 'required',
  durable: true,
  target: ({ subscription }) => ({ kind: 'subscription', name: subscription }),

  async preview({ environment }, input) {
    const holder = await replayHolder(environment, input)
    const count = await countedBy(environment, holder, input)
    const reported = await readReported(environment)
    const known = reported.status === 'down' ? [] : reported.data.subscriptions
    const meant = known.find(({ name }) => name === input.subscription)
    const events = counted(count, 'event')
    return {
      summary: `${events} from the outbox of ${input.service} will be sent to ${input.subscription} again, by ${holder.process.instance}.`,
      action: `Replay ${events}`,
      affected: { count, precision: 'exact', noun: count === 1 ? 'event' : 'events', sample: [] },
      warnings: [
        ...warnUnable([holder], 'events.replay'),
        'Each is handled again, also where it was handled before: only what is run once for its event id does nothing twice.',
        ...(meant && !meant.processes.some(({ alive }) => alive)
          ? ['No living process handles this subscription: they will wait in its queues.']
          : []),
      ],
      dependents: meant?.services ?? [],
      undoWords: 'What was sent again is not taken back; jobs that still wait can be removed from its queues.',
    }
  },

  async run({ environment }, input, control) {
    const { subscription, from, until } = input
    const { process } = await replayHolder(environment, input)
    const [answer] = await environment.of(Commands).issue({
      id: control.runId,
      verb: 'events.replay',
      scope: { processes: [process.id] },
      args: { subscription, from, until, replay: control.runId },
      issuedBy: control.actor.name,
      expected: [process.id],
      signal: control.signal,
    })
    if (answer?.status === 'refused' || answer?.status === 'unsupported')
      return { status: 'failed', summary: `${process.instance} did not begin: ${answer.reason ?? answer.status}.` }
    return followReplay(environment, { process: process.id, subscription }, control)
  },

  async recover({ environment }, { subscription }, control) {
    const [process] = (await environment.of(Commands).issuedTo(control.runId)) ?? []
    if (!process)
      return { status: 'failed', summary: 'The console stopped before the command was sent. Nothing was done.' }
    return followReplay(environment, { process, subscription }, control)
  },
})
