import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from '../harness/definition.ts'
import { type Spread, spreadsOf } from '../harness/statistics.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '..', '..')

const bench: Bench = {
  summary:
    'npm start in a clean clone of the last commit until the console answers; then the second start, and CPU when idle',
  unit: 's',
  // The first run fills npm's cache, and is not measured.
  warmUps: 1,
  async prepare({ closing }) {
    const clones: string[] = []
    closing(async () => {
      for (const clone of clones) await rm(clone, { recursive: true, force: true })
    })
    return {
      ours: {
        program: new URL('./clean-clone.ts', import.meta.url),
        async before() {
          const clone = await mkdtemp(join(tmpdir(), 'substation-start-'))
          clones.push(clone)
          // Postgres runs as the user nobody when this runs as root, and needs access.
          await chmod(clone, 0o755)
          await run('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone])
          return { clone }
        },
      },
      peers: {},
      async conclude({ ours }) {
        const beside = spreadsOf(ours)
        const clean = medianOf(ours.map(({ value }) => value))
        return {
          checks: [
            { what: 'clean clone to live console, s', limit: 75, measured: clean },
            { what: 'second start, s', limit: 6, measured: beside.secondStart?.median ?? Number.NaN },
            {
              what: 'console and demo idle, cores',
              limit: 0.33,
              measured: (beside.idleConsole?.median ?? Number.NaN) + (beside.idleDemo?.median ?? Number.NaN),
            },
          ],
          extra: beside satisfies Record<string, Spread>,
        }
      },
    }
  },
}

const medianOf = (values: number[]) =>
  spreadsOf(values.map(value => ({ extra: { value } }))).value?.median ?? Number.NaN

export default bench
