import type { FleetSource } from './port.ts'
import type { Reporting } from './sources.ts'

/** A domain whose reports are large, or change with every call: written at most so often (ms), and only if they changed. */
function pacedSourceOf(domain: string, registry: Reporting, everyMs: number): FleetSource {
  let revision = 0
  let known = registry.revision
  let changedAt = Number.NEGATIVE_INFINITY
  return {
    domain,
    revision() {
      const now = performance.now()
      if (now - changedAt < everyMs) return revision
      const current = registry.revision
      if (known !== current) {
        known = current
        changedAt = now
        revision++
      }
      return revision
    },
    items: () => registry.reports(),
  }
}

/** A registry of caches that knows their hottest keys. */
export interface HotKeysReporting {
  readonly hotKeysRevision: number
  hotKeys(): readonly unknown[]
}

/** A domain of its own: names of keys are not for everyone who may see caches. */
export function hotKeysSource(caches: HotKeysReporting): FleetSource {
  const hotKeys: Reporting = {
    get revision() {
      return caches.hotKeysRevision
    },
    reports: () => caches.hotKeys(),
  }
  return pacedSourceOf('hotKeys', hotKeys, 10_000)
}

/** A registry of pools that knows how long their statements took. */
export interface StatementsReporting {
  readonly statementsRevision: number
  statements(): readonly unknown[]
}

/** A domain of its own: texts are long, and pools are written often. */
export function statementsSource(pools: StatementsReporting): FleetSource {
  const statements: Reporting = {
    get revision() {
      return pools.statementsRevision
    },
    reports: () => pools.statements(),
  }
  return pacedSourceOf('statements', statements, 30_000)
}
