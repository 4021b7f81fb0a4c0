import { sagaOperation } from '../acts.ts'

export const retrySaga = sagaOperation({
  verb: 'saga.retry',
  title: 'Retry a saga',
  description: 'Tries the step, or the compensation, again on which it waits. It has all its attempts again.',
  permission: 'saga:retry',
  action: 'Retry it',
  refusal({ state, held }) {
    if (state === 'completed' || state === 'compensated') return `It is ${state}: there is nothing to retry.`
    return held ? 'A process is working on it: there is nothing to retry.' : undefined
  },
  effect({ saga, state, error, steps, nextAt }) {
    const at = error?.step ?? steps.find(step => step.state !== 'done')?.name ?? 'its next step'
    const back = error ? error.during === 'compensation' : state === 'compensating'
    return {
      summary: `${back ? `The compensation of ${at}` : `Step ${at}`} of ${saga} will be tried again, and it goes on from there.`,
      warnings: state === 'failed' || nextAt === undefined ? [] : ['It will be tried again without that.'],
    }
  },
  did: id => `Asked for a retry of ${id}`,
})
