import { answerJson, startLocalService } from '../../lib/infrastructure/testing/local-service.ts'
import type { Bench } from '../harness/definition.ts'
import { spreadOf, spreadsOf } from '../harness/statistics.ts'

const LIMIT = 1.05

export default {
  summary: 'a POST of JSON and its answer through the HTTP client, beside bare undici and fetch',
  unit: 'µs/call',
  runs: 7,
  async prepare({ closing }) {
    const service = await startLocalService(({ body }, response) => {
      service.received.length = 0
      answerJson(response, 200, { received: body.length })
    })
    closing(service.close)
    const contender = (file: string) => ({
      program: new URL(file, import.meta.url),
      before: async () => ({ url: service.url }),
    })
    return {
      ours: contender('./ours.ts'),
      peers: { undici: contender('./undici.ts'), fetch: contender('./fetch.ts') },
      async conclude({ ours, peers }) {
        const medianOf = (runs: typeof ours = []) => spreadOf(runs.map(({ value }) => value)).median
        return {
          checks: [
            {
              what: "a call by one of bare undici's",
              limit: LIMIT,
              measured: medianOf(ours) / medianOf(peers.undici),
            },
          ],
          extra: { ours: spreadsOf(ours) },
        }
      },
    }
  },
} satisfies Bench
