import { z } from 'zod'
import { Fleet } from '../../../fleet/resources.ts'
import type { Count } from '../../../platform/attention/collect.ts'
import { defineView } from '../../../platform/view/define.ts'

export interface ShellData {
  /** The problems in each area; null: not known. */
  trouble: Record<string, Count | null>
  /** What is under way in each area that counts it. */
  underWay: Record<string, number | null>
  /** The feed of the fleet: live, or since when it is not. */
  feed: { status: 'up' | 'stale' | 'down'; reason?: string; since?: number; at?: number }
}

/** What the frame around every page shows. */
export const shellView = defineView({
  id: 'shell',
  title: 'Shell',
  permission: 'fleet:read',
  topics: ['fleet', 'attention'],
  judges: true,
  filters: z.object({}),
  freshFor: 1_000,
  async read({ environment, attention, underWay }): Promise<ShellData> {
    const [fleet, { counts }, busy] = await Promise.all([
      environment.of(Fleet).read(),
      attention({ fresh: false }),
      underWay(),
    ])
    return {
      trouble: counts,
      underWay: busy,
      feed:
        fleet.status === 'up'
          ? { status: 'up', at: fleet.at }
          : {
              status: fleet.status,
              reason: fleet.reason,
              since: fleet.since,
              ...(fleet.status === 'stale' ? { at: fleet.at } : {}),
            },
    }
  },
})
