import { fileURLToPath } from 'node:url'
import { startProgram } from '../../lib/infrastructure/testing/program.ts'

const PROGRAM = fileURLToPath(new URL('../../lib/infrastructure/testing/cache-program.ts', import.meta.url))
const CALLS = 500
/** How long the factory takes, ms: both processes have asked by then. */
const FACTORY_MS = 300

/** Factory calls for 1,000 concurrent misses of one key over two processes, and how many callers got the same value. */
export async function stampede(redisUrl: string): Promise<{ factoryCalls: number; sameValue: number }> {
  const namespace = `stampede-${process.pid}`
  const programs = await Promise.all([1, 2].map(() => startProgram(PROGRAM, { args: [namespace, redisUrl] })))
  try {
    await Promise.all(
      programs.map((program, at) =>
        program.ask('begin', { key: 'product:1', value: `made by ${at}`, calls: CALLS, afterMs: FACTORY_MS }),
      ),
    )
    const answers = await Promise.all(programs.map(program => program.ask<Record<string, number>>('answers')))
    const made = await Promise.all(programs.map(program => program.ask<number>('made')))
    const same = new Map<string, number>()
    for (const [value, count] of answers.flatMap(one => Object.entries(one)))
      same.set(value, (same.get(value) ?? 0) + count)
    return { factoryCalls: made.reduce((sum, calls) => sum + calls, 0), sameValue: Math.max(...same.values()) }
  } finally {
    await Promise.all(programs.map(program => program.close()))
  }
}
