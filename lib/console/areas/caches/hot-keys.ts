import { z } from 'zod'
import { byText } from '../../../core/text-order.ts'
import { itemsOf } from '../../fleet/details.ts'
import { isLiving } from '../../fleet/living.ts'
import type { FleetSnapshot } from '../../fleet/port.ts'

/** The domain in which processes report them. */
export const HOT_KEYS = 'hotKeys'
const SHOWN = 20

const Count = z.number().min(0)
const HotKeysItem = z.object({
  name: z.string().min(1).max(300),
  lookups: Count,
  keys: z.array(z.object({ key: z.string().max(500), cut: z.literal(true).optional(), lookups: Count })).max(100),
})

export interface HotKeyRow {
  key: string
  /** Only its beginning is known. */
  cut?: true
  /** Of all lookups of the last minutes, 0 to 1; at least so many. */
  share: number
  /** Processes that name it. */
  processes: number
}

export interface GroupHotKeys {
  keys: HotKeyRow[]
  /** Processes that measure it. */
  processes: number
}

/** The keys of one cache that are asked for most, over all living processes. */
export function hotKeysOf(snapshot: FleetSnapshot, cache: string): GroupHotKeys {
  const reports = snapshot.processes
    .filter(isLiving)
    .flatMap(process => itemsOf(process, HOT_KEYS, HotKeysItem)?.items.filter(({ name }) => name === cache) ?? [])
  const lookups = reports.reduce((sum, report) => sum + report.lookups, 0)
  const byKey = Map.groupBy(
    reports.flatMap(({ keys }) => keys),
    ({ key, cut }) => `${cut ?? ''} ${key}`,
  )
  const keys = [...byKey.values()].flatMap(([first, ...others]): HotKeyRow[] => {
    if (first === undefined || lookups === 0) return []
    const { key, cut } = first
    const share = others.reduce((sum, other) => sum + other.lookups, first.lookups) / lookups
    return [{ key, ...(cut ? { cut } : {}), share: Math.min(1, share), processes: others.length + 1 }]
  })
  return {
    keys: keys.sort((a, b) => b.share - a.share || byText(a.key, b.key)).slice(0, SHOWN),
    processes: reports.length,
  }
}
