import { eq, sql } from 'drizzle-orm'
import { expect, vi } from 'vitest'
import { operationRun } from '../../../drizzle/schema/index.ts'
import type { Console } from '../open.ts'
import type { Actor } from '../platform/access/roles.ts'
import type { Settings } from '../platform/settings/port.ts'
import { openTestConsole } from './open-test-console.ts'

interface LostUndo {
  /** The run that is undone. */
  run: string
  step: 'begun' | 'ran'
  /** The console that takes it over. */
  survivor: Console
  settings: Settings
  actor: Actor
}

/** Undoes a run in a console of its own that is lost at this step. Resolves with the undo and the run, as its successor leaves them. */
export async function undoLostAt({ run, step, survivor, settings, actor }: LostUndo) {
  const environment = settings.environments[0]?.name ?? ''
  const found = (id: string) => survivor.runner.find(actor, environment, id)
  const lost = await openTestConsole(settings, {
    async onStep(at, id) {
      if (at !== step || !id) return
      await survivor.store.db
        .update(operationRun)
        .set({ heartbeatAt: sql`now() - interval '1 minute'` })
        .where(eq(operationRun.id, id))
      await survivor.runner.reap()
      await vi.waitFor(async () => expect((await found(id)).finishedAt).toBeDefined(), 10_000)
      throw new Error('lost')
    },
  })
  const undo = await lost.runner.undo(actor, environment, run)
  await lost.close()
  return { undo: await found(undo.id), act: await found(run) }
}
