import { mkdirSync, rmSync } from 'node:fs'
import { changedSince } from './changed.ts'
import { findChromium } from './chromium.ts'
import { type Output, runStage } from './run-stage.ts'
import { ARCHITECTURE, reports, root, type Stage, stages, type Tally } from './stages.ts'

interface Result {
  name: string
  seconds: number
  tally: Tally
}

/** `npm test` goes through all stages, `npm test -- NAME` through those named, `npm test -- changed` through what a change can reach. */
async function main(): Promise<number> {
  // Reports of an earlier run must not be read as this one's.
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const began = performance.now()
  const results = await chosen(process.argv.slice(2).filter(arg => !arg.startsWith('-')))
  if (!results) return 1
  const lines = results.map(
    ({ name, seconds, tally }) =>
      `${tally.failed === 0 ? '✓' : '✗'} ${name.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s`,
  )
  const sum = (of: keyof Tally) => results.reduce((total, { tally }) => total + tally[of], 0)
  process.stdout.write(`\n${lines.join('\n')}\n  together ${secondsSince(began).toFixed(1).padStart(13)} s\n\n`)
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`)
  return sum('failed') === 0 ? 0 : 1
}

/** The results of the stages named, of all when none is, or nothing when none is called so. */
async function chosen(names: string[]): Promise<Result[] | undefined> {
  if (names.length === 0) return inTurn(stages)
  if (names.includes('changed')) return whatAChangeReaches()
  const named = stages.filter(stage => names.includes(stage.name))
  if (named.length > 0) return inTurn(named)
  const known = ['changed', ...stages.map(stage => stage.name)]
  process.stderr.write(`There is no stage ${names.join(', ')}; there are: ${known.join(', ')}\n`)
  return undefined
}

/** What is quick goes beside what is long, so that one area is through in the time of its journeys. */
async function whatAChangeReaches(): Promise<Result[]> {
  const changed = changedSince(root, ARCHITECTURE)
  process.stdout.write(
    `${changed.files.length} files changed since ${changed.since.slice(0, 12)}: ${changed.tests.length} files of tests; journeys: ${changed.journeys.join(', ') || 'none'}\n`,
  )
  const reached = stages.flatMap(stage => {
    if (!stage.reached) return [stage]
    const args = stage.reached(changed)
    return args ? [{ ...stage, args }] : []
  })
  // The types of routes are what both the check of types and the build begin with.
  const first = reached.filter(({ name }) => name === 'routes')
  const beside = reached.filter(stage => stage.beside)
  const rest = reached.filter(stage => !first.includes(stage) && !beside.includes(stage))
  return [
    ...(await inTurn(first)),
    ...(await Promise.all([inTurn(rest, 'when it ends'), inTurn(beside, 'when it ends')])).flat(),
  ]
}

async function inTurn(list: readonly Stage[], output: Output = 'as it comes'): Promise<Result[]> {
  const results: Result[] = []
  for (const stage of list) {
    const began = performance.now()
    const env: Record<string, string> = stage.name === 'journeys' ? { CHROMIUM_PATH: await findChromium() } : {}
    const code = await runStage(stage, env, output)
    results.push({ name: stage.name, seconds: secondsSince(began), tally: tallyOf(stage, code) })
  }
  return results
}

/** A stage without a report counts as one; one that failed without a failed test (a crash, a lint error), or that ran none, has failed. */
function tallyOf(stage: Stage, code: number): Tally {
  const tally = stage.tally?.() ?? (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
  const broken = tally.failed === 0 && (code !== 0 || tally.passed === 0)
  return broken ? { ...tally, failed: 1 } : tally
}

const secondsSince = (began: number) => (performance.now() - began) / 1000

process.exitCode = await main()
