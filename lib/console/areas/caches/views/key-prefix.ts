import { z } from 'zod'
import { Glob } from '../../../platform/operation/input.ts'
import type { Part } from '../../../platform/part/part.ts'
import { part } from '../../../platform/part/read-part.ts'
import { defineView } from '../../../platform/view/define.ts'
import { text } from '../../../platform/view/text-filters.ts'
import { countWithin } from '../count-within.ts'
import { Caches } from '../resource.ts'

const SHOWN = 50

export interface KeyPrefixData {
  /** Absent until server and pattern are given. `types` counts Redis types among the first keys found. */
  keys?: Part<{
    count?: number
    precision: 'exact' | 'sampled' | 'unknown'
    sample: string[]
    types: Record<string, number>
  }>
}

/** Keys of a watched Redis that match a glob, whichever program made them. Needs a scan of its keys, so it runs only on request. */
export const keyPrefixView = defineView({
  id: 'key-prefix',
  title: 'Keys by prefix',
  permission: 'key:read',
  topics: [],
  filters: z.object({ server: text(300), pattern: text(500) }),
  freshFor: 5_000,
  async read({ environment }, { server, pattern }): Promise<KeyPrefixData> {
    if (!server || !Glob.safeParse(pattern).success) return {}
    return {
      keys: await part(`Redis ${server}`, environment.outages, look()),
    }

    async function look() {
      const keyspace = await environment.of(Caches).keyspace(server)
      if (!keyspace) throw new Error(`there is no server ${server}`)
      return { types: {}, ...(await countWithin(signal => keyspace.count(pattern, { signal, sample: SHOWN }))) }
    }
  },
})
