import { counted } from '../../../platform/counted.ts'
import { sagaOperation } from '../acts.ts'

export const compensateSaga = sagaOperation({
  verb: 'saga.compensate',
  title: 'Compensate a saga',
  description: 'Takes back what its steps did, the last first. A step under way ends before.',
  permission: 'saga:compensate',
  action: 'Compensate it',
  refusal({ state, error }) {
    if (state === 'completed' || state === 'compensated') return `It is ${state} already.`
    if (state === 'compensating') return 'It is being compensated already.'
    return state === 'failed' && error?.during === 'compensation'
      ? 'Its compensation has failed: retry it instead.'
      : undefined
  },
  effect({ saga, steps, held }) {
    const begun = steps.filter(({ state }) => state !== 'pending')
    const back = begun.filter(({ compensates }) => compensates).toReversed()
    const kept = begun.filter(({ compensates, state }) => !compensates && state === 'done')
    const pivot = begun.find(step => step.pivot && step.state === 'done')
    return {
      summary:
        back.length === 0
          ? `${saga} ends here: none of its steps has anything to take back.`
          : `${counted(back.length, 'step', 'steps')} of ${saga} will be taken back: ${back.map(({ name }) => name).join(', ')}.`,
      warnings: [
        ...(pivot ? [`It is beyond ${pivot.name}, after which its code goes forward only.`] : []),
        ...(kept.length > 0
          ? [
              `What ${kept.map(({ name }) => name).join(', ')} did stays: ${kept.length === 1 ? 'it has' : 'they have'} no compensation.`,
            ]
          : []),
        ...(held ? ['A process is working on it: the step under way ends first, and is taken back too.'] : []),
      ],
    }
  },
  did: id => `Asked for the compensation of ${id}`,
})
