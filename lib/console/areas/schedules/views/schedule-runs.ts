import { z } from 'zod'
import { InfrastructureError } from '../../../../core/errors.ts'
import { REPLIES } from '../../../../infrastructure/fleet/index.ts'
import { ASK_WAIT_MS, askProcesses } from '../../../fleet/ask-processes.ts'
import { idsOf } from '../../../fleet/holders.ts'
import { Fleet } from '../../../fleet/resources.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { defineView } from '../../../platform/view/define.ts'
import { exact } from '../../../platform/view/text-filters.ts'
import { addRun, newestFirst, runOfFleet, withInstances } from '../merged-runs.ts'
import { RunItem } from '../schedule-item.ts'
import { scheduleHolders } from '../target.ts'

const MOST = 200

/** A history in memory is that of one process. */
const ASKED = 10

export interface ScheduleRunsData {
  /** The newest first; `cut` when there may be older ones. How many processes were asked, and how many answered. */
  runs?: Part<{ runs: RunItem[]; cut: boolean; asked: number; answered: number }>
}

/** The kept runs of a schedule, as its processes answer: each knows all where they share a history in Postgres, else its own. */
export const scheduleRunsView = defineView({
  id: 'schedule-runs',
  title: 'Runs of a schedule',
  permission: 'schedule:read',
  topics: [],
  filters: z.object({ service: exact(300), schedule: exact(300) }),
  freshFor: 5_000,
  async read({ environment }, target): Promise<ScheduleRunsData> {
    if (target.service === '' || target.schedule === '') return {}
    return { runs: await part('The history', environment.outages, ask(), ASK_WAIT_MS + 2_000) }

    async function ask() {
      const { all, shared } = await scheduleHolders(environment, target).catch(unheld)
      const expected = idsOf(all.slice(0, ASKED))
      const args = { schedule: target.schedule, limit: MOST }
      const applied = await askProcesses(environment, 'schedule.runs', args, expected)
      const fleet = await environment.of(Fleet).read(['schedules'])
      if (fleet.status === 'down') throw new Error(fleet.reason)
      const byId = new Map<string, RunItem>()
      let answered = 0
      for (const { process: id, reply } of applied) {
        const process = fleet.data.processes.find(one => one.id === id)
        const parsed = REPLIES['schedule.runs'].safeParse(reply)
        if (!process || !parsed.success) continue
        answered++
        for (const run of parsed.data.runs.flatMap(one => RunItem.safeParse(one).data ?? []))
          addRun(byId, runOfFleet(run, { process, snapshot: fleet.data, shared }))
      }
      const runs = withInstances(newestFirst(byId), fleet.data.processes)
      return {
        runs: runs.slice(0, MOST),
        cut: runs.length >= MOST,
        asked: expected.length,
        answered,
      }
    }
  },
})

function unheld(error: unknown): never {
  if (!(error instanceof RefusalError)) throw error
  throw new InfrastructureError(error.refusal.message, { nextStep: 'Its runs are asked of its processes: start one.' })
}
