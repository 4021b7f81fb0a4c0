import { Fleet } from '../fleet/resources.ts'
import { defineResource } from '../platform/environment/resource.ts'
import type { SampleSource } from '../platform/samples.ts'
import { advisoryLead } from '../platform/store/adapters/lead.ts'
import type { SeriesReader } from './port.ts'
import { seriesReader } from './read.ts'
import { sampler } from './sampler.ts'

export interface SampledSeries extends SeriesReader {
  /** Starts sampling the fleet and these sources. */
  sample(sources: readonly SampleSource[]): void
}

/** Figures over time. Sampling starts once all sources are known. */
export const Series = defineResource<SampledSeries>('series', ({ name, console, store, hub, logger, outages, of }) => {
  const sources: SampleSource[] = []
  const sampling = sampler({
    environment: name,
    fleet: of(Fleet),
    lead: advisoryLead(console.databaseUrl, `sampler:${name}`),
    sources,
    logger,
    ready: () => store.state === 'ready',
    onSampled: () => void store.notify(name, ['series']).catch(() => undefined),
    onFailed: () => hub.announce(name, ['series']),
  })
  return {
    value: {
      ...seriesReader({ store, environment: name, outages, sampling: () => sampling }),
      sample(more) {
        sources.push(...more)
        sampling.start()
      },
    },
    close: sampling.close,
  }
})
