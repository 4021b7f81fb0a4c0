import type { FleetCollector } from '../../fleet/port.ts'
import type { SampleSource } from '../../platform/samples.ts'
import { HEALTH_SERIES, seriesName } from '../../series/names.ts'
import { healthOf } from './collect.ts'

/** How long each check of each service took, in its slowest process (s). A check whose processes are all silent leaves a gap. */
export function healthSource(fleet: FleetCollector): SampleSource {
  return {
    name: 'health',
    async sample() {
      const reading = await fleet.read(['health'])
      if (reading.status !== 'up') return []
      return healthOf(reading.data).flatMap(({ service, checks }) =>
        checks.flatMap(({ name, counts, latencyMs }) =>
          latencyMs === undefined || counts.up + counts.degraded + counts.down === 0
            ? []
            : [{ service, series: seriesName(HEALTH_SERIES.check, { check: name }), value: latencyMs.max / 1_000 }],
        ),
      )
    },
  }
}
