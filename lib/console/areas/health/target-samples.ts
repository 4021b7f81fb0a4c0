import type { SampleSource } from '../../platform/samples.ts'
import { HEALTH_SERIES } from '../../series/names.ts'
import type { TargetProbe } from '../../servers/probe/port.ts'

/** How long every watched server took to answer (s), under `redis:NAME` and `postgres:NAME`. One that does not answer leaves a gap. */
export function targetSource(targets: TargetProbe): SampleSource {
  return {
    name: 'targets',
    async sample() {
      const answers = await targets.ping()
      return answers.flatMap(({ kind, name, latencyMs }) =>
        latencyMs === undefined
          ? []
          : [{ service: `${kind}:${name}`, series: HEALTH_SERIES.answer, value: latencyMs / 1_000 }],
      )
    },
  }
}
