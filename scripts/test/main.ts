import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Changed, changedSince } from './changed.ts'
import { findChromium } from './chromium.ts'
import { reports, root, type Stage, stages, type Tally } from './stages.ts'

/** `npm test` goes through all stages, `npm test -- NAME` through those named, `npm test -- changed` through what a change can reach. */
async function main(): Promise<number> {
  // Reports of an earlier run must not be read as this one's.
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const chosen = choose(process.argv.slice(2).filter(arg => !arg.startsWith('-')))
  if (!chosen) return 1
  const total: Tally = { passed: 0, failed: 0 }
  const results: { name: string; seconds: number; ok: boolean }[] = []
  let chromium: string | undefined
  for (const stage of chosen) {
    const began = performance.now()
    process.stdout.write(`\n── ${stage.name}\n`)
    if (stage.name === 'journeys') chromium ??= await findChromium()
    const code = await runStage(stage, chromium ? { CHROMIUM_PATH: chromium } : {})
    const tally = stage.tally?.() ?? { passed: 0, failed: 0 }
    // A stage that failed without a failed test (a crash, a lint error) still fails the whole.
    if (code !== 0 && tally.failed === 0) tally.failed = 1
    else if (!stage.tally) tally.passed = 1
    else if (tally.passed + tally.failed === 0 && !stage.mayBeEmpty) tally.failed = 1
    total.passed += tally.passed
    total.failed += tally.failed
    results.push({ name: stage.name, seconds: (performance.now() - began) / 1000, ok: tally.failed === 0 })
  }
  process.stdout.write(
    `\n${results.map(({ name, seconds, ok }) => `${ok ? '✓' : '✗'} ${name.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s`).join('\n')}\n\n`,
  )
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
  return total.failed === 0 ? 0 : 1
}

type Chosen = Stage & { mayBeEmpty?: boolean }

/** The stages to run, or nothing when none is called so. */
function choose(names: string[]): Chosen[] | undefined {
  if (names.length === 0) return stages
  if (names.includes('changed')) return reachedBy(changedSince(root))
  const chosen = stages.filter(stage => names.includes(stage.name))
  if (chosen.length > 0) return chosen
  const known = ['changed', ...stages.map(stage => stage.name)]
  process.stderr.write(`There is no stage ${names.join(', ')}; there are: ${known.join(', ')}\n`)
  return undefined
}

function reachedBy(changed: Changed): Chosen[] {
  process.stdout.write(
    `${changed.files.length} files changed since ${changed.since.slice(0, 12)}; journeys: ${changed.journeys.join(', ') || 'none'}\n`,
  )
  return stages.flatMap(stage => {
    if (!stage.reached) return [stage]
    const args = stage.reached(changed)
    // A change may be one that no unit test can reach.
    return args ? [{ ...stage, args, mayBeEmpty: stage.name === 'unit' }] : []
  })
}

function runStage({ command, args }: Stage, more: Record<string, string>): Promise<number> {
  const program = command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', command)
  return new Promise(done => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...more },
    })
    child.on('error', error => {
      process.stderr.write(`${command} could not be started: ${error.message}\n`)
      done(1)
    })
    child.on('exit', code => done(code ?? 1))
  })
}

process.exitCode = await main()
