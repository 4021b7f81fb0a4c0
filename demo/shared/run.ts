import type { PartStatus, StopReport } from 'substation/container'
import { stopOnSignal } from 'substation/container'
import type { Health } from 'substation/health'
import type { Logger } from 'substation/logging'
import { endWithParent } from './parent.ts'

interface Program {
  get(name: 'logger'): Promise<Logger>
  get(name: 'health'): Promise<Health>
  start(): Promise<PartStatus[]>
  stop(options?: { deadlineMs?: number }): Promise<StopReport>
  onChange(listener: (status: PartStatus) => void): () => void
}

/** Starts a service and keeps it until SIGTERM, or until its parent is gone. A part that is down is tried again. */
export async function run(program: Program): Promise<void> {
  let health: Health | undefined
  stopOnSignal(program, {
    signals: process.connected === undefined ? ['SIGTERM', 'SIGINT'] : ['SIGTERM'],
    deadlineMs: 8_000,
    onSignal() {
      if (health) health.phase = 'stopping'
    },
  })
  // Only now, when there is a handler for the SIGTERM that it may send.
  endWithParent()
  const logger = await program.get('logger')
  program.onChange(({ name, state, reason }) => {
    if (state === 'down') logger.warn(`${name} is down`, { reason })
  })
  await program.start()
  health = await program.get('health')
  health.phase = 'serving'
  logger.info('serving')
}
