import type { CommandHandlers } from './port.ts'
import type { CommandArguments } from './protocol/messages.ts'

interface Why {
  by?: string
  reason?: string
}

/** What the fleet needs of the sagas of a process. Inputs and results are not part of a run. */
export interface OperableSagas {
  reports(): readonly { name: string }[]
  find(id: string): Promise<{ saga: string } | undefined>
  list(
    options: Omit<CommandArguments['saga.runs'], 'state'> & { state?: CommandArguments['saga.runs']['state'] },
  ): Promise<readonly object[]>
  retry(id: string, why: Why): Promise<void>
  compensate(id: string, why: Why): Promise<void>
}

/** The verbs on sagas. */
export function sagaHandlers(sagas: OperableSagas): CommandHandlers {
  const knows = (name: string) => {
    if (!sagas.reports().some(report => report.name === name))
      throw new Error(`there is no saga ${name} in this process`)
  }
  /** Refused unless it is of that saga: an id says nothing to the person who allowed the act. */
  async function act(which: 'retry' | 'compensate', { saga, id, reason }: CommandArguments['saga.retry'], by: string) {
    knows(saga)
    const found = await sagas.find(id)
    if (found?.saga !== saga) throw new Error(`there is no ${saga} with the id ${id}`)
    await sagas[which](id, { by, ...(reason === undefined ? {} : { reason }) })
  }
  return {
    'saga.retry': (args, { issuedBy }) => act('retry', args, issuedBy),
    'saga.compensate': (args, { issuedBy }) => act('compensate', args, issuedBy),
    async 'saga.runs'({ saga, ...options }) {
      knows(saga)
      return { runs: (await sagas.list({ saga, ...options })).map(run => ({ ...run })) }
    },
    async 'saga.find'({ id }) {
      const run = await sagas.find(id)
      return run && sagas.reports().some(({ name }) => name === run.saga) ? { run: { ...run } } : {}
    },
  }
}
