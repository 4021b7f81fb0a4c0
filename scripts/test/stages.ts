import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Changed } from './changed.ts'

export const root = resolve(import.meta.dirname, '..', '..')
export const reports = join(root, '.substation', 'reports')

export interface Tally {
  passed: number
  failed: number
}

export interface Stage {
  name: string
  /** A program of node_modules/.bin, or `node`. */
  command: string
  args: string[]
  /** How many tests it ran, read from its report; a stage without one counts as one. */
  tally?: () => Tally
  /** What it runs when only what a change can reach is asked for; undefined: nothing, since nothing of it is reached. */
  reached?: (changed: Changed) => string[] | undefined
  /** Runs beside the others when only what a change can reach is asked for. */
  beside?: true
}

/** What the rules of architecture are held against. */
export const ARCHITECTURE = [
  ...['app', 'components', 'lib', 'drizzle', 'demo', 'scripts', 'bench'],
  ...['proxy.ts', 'instrumentation.ts', 'next.config.ts', 'drizzle.config.ts'],
]

const UNIT = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, 'unit.json')}`]

/** What `npm test` goes through, in this order: the quick and cheap first. */
export const stages: Stage[] = [
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
    args: [...UNIT, '--coverage'],
    tally: () => vitestTally(join(reports, 'unit.json')),
    reached: ({ tests }) => (tests.length > 0 ? [...UNIT, ...tests] : undefined),
  },
  { name: 'coverage', command: 'node', args: ['scripts/test/coverage.ts'], reached: () => undefined },
  {
    name: 'build',
    command: 'node',
    args: ['scripts/test/build.ts'],
    reached: ({ journeys }) => (journeys.length > 0 ? ['scripts/test/build.ts'] : undefined),
    beside: true,
  },
  {
    name: 'journeys',
    command: 'playwright',
    args: ['test'],
    tally: () => playwrightTally(join(reports, 'journeys.json')),
    reached: ({ journeys }) => (journeys.length > 0 ? ['test', ...journeys] : undefined),
    beside: true,
  },
]

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
