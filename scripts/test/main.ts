import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findChromium } from './chromium.ts'

const root = resolve(import.meta.dirname, '..', '..')
const reports = join(root, '.substation', 'reports')

interface Tally {
  passed: number
  failed: number
}

interface Stage {
  name: string
  /** A program of node_modules/.bin, or `node`. */
  command: string
  args: string[]
  env?: Record<string, string>
  /** How many tests it ran, read from its report; a stage without one counts as one. */
  tally?: () => Tally
}

/** What the rules of architecture are held against. */
const ARCHITECTURE = [
  ...['app', 'components', 'lib', 'drizzle', 'demo', 'scripts', 'bench'],
  ...['proxy.ts', 'instrumentation.ts', 'next.config.ts', 'drizzle.config.ts'],
]

/** What `npm test` goes through, in this order: the quick and cheap first. `npm test -- NAME` runs one. */
const stages: Stage[] = [
  { name: 'lint', command: 'biome', args: ['ci', '--error-on-warnings', '.'] },
  { name: 'routes', command: 'next', args: ['typegen'] },
  { name: 'types', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.check.json'] },
  {
    name: 'architecture',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', ...ARCHITECTURE],
  },
  { name: 'dead-code', command: 'knip', args: [] },
  {
    name: 'unit',
    command: 'vitest',
    args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, 'unit.json')}`],
    tally: () => vitestTally(join(reports, 'unit.json')),
  },
  { name: 'build', command: 'node', args: ['scripts/test/build.ts'] },
  {
    name: 'journeys',
    command: 'playwright',
    args: ['test'],
    tally: () => playwrightTally(join(reports, 'journeys.json')),
  },
]

async function main(): Promise<number> {
  // Reports of an earlier run must not be read as this one's.
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const only = process.argv.slice(2).filter(arg => !arg.startsWith('-'))
  const chosen = only.length > 0 ? stages.filter(stage => only.includes(stage.name)) : stages
  if (chosen.length === 0) {
    process.stderr.write(
      `There is no stage ${only.join(', ')}; there are: ${stages.map(stage => stage.name).join(', ')}\n`,
    )
    return 1
  }
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
    if (tally.passed + tally.failed === 0) tally[code === 0 && !stage.tally ? 'passed' : 'failed'] = 1
    else if (code !== 0 && tally.failed === 0) tally.failed = 1
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

function runStage({ command, args, env }: Stage, more: Record<string, string>): Promise<number> {
  const program = command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', command)
  return new Promise(done => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env, ...more },
    })
    child.on('error', error => {
      process.stderr.write(`${command} could not be started: ${error.message}\n`)
      done(1)
    })
    child.on('exit', code => done(code ?? 1))
  })
}

function vitestTally(file: string): Tally {
  const report = readReport<{ numPassedTests: number; numFailedTests: number }>(file)
  return { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 }
}

function playwrightTally(file: string): Tally {
  const report = readReport<{ stats: { expected: number; unexpected: number; flaky: number } }>(file)
  // A test that passed only when tried again is not a test that passes.
  return { passed: report?.stats.expected ?? 0, failed: (report?.stats.unexpected ?? 0) + (report?.stats.flaky ?? 0) }
}

function readReport<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return undefined
  }
}

process.exitCode = await main()
