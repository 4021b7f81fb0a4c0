import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from './compare.ts'
import { rounded, roundedAll, type Spread } from './statistics.ts'
import { alignedTable } from './table.ts'

const text = (value: number) => String(rounded(value))

/** The comparison as text for people. */
export function render({ name, unit, ours, peers, ratios, target, extra, runs, machine }: Result): string {
  const row = (side: string, spread: Spread, ratio: string) => [
    side,
    text(spread.median),
    text(spread.min),
    text(spread.max),
    ratio,
  ]
  const table = alignedTable([
    [`${name}, ${unit}`, 'median', 'min', 'max', 'ours/peer'],
    row('ours', ours, ''),
    ...Object.entries(peers).map(([peer, spread]) =>
      row(spread.recorded ? `${peer} (recorded)` : peer, spread, text(ratios[peer] ?? Number.NaN)),
    ),
  ])
  const checks = target.checks.map(
    ({ what, limit, measured, met }) => `${met ? '✓ met   ' : '✗ missed'} ${what}: ${text(measured)}, at most ${limit}`,
  )
  const where = `${runs} counted runs each, ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load before ${machine.loadBefore}`
  const beside = linesOf(extra)
  const width = Math.max(0, ...beside.map(([path]) => path.length))
  const also = beside.map(([path, value]) => `  ${path.padEnd(width)}  ${value}`)
  return [table, '', ...checks, '', ...also, '', where].join('\n')
}

/** Every figure measured beside the main one, by its path; for several runs the median. */
function linesOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'number') return [[path, text(value)]]
  if (typeof value !== 'object' || value === null) return [[path, String(value)]]
  if ('median' in value) return [[path, text(value.median as number)]]
  return Object.entries(value).flatMap(([name, inner]) => linesOf(inner, path === '' ? name : `${path}.${name}`))
}

/** Keeps the comparison as `bench/results/NAME.json`; returns the path. */
export function keep(folder: string, result: Result): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${result.name}.json`)
  writeFileSync(file, `${JSON.stringify(roundedAll(result), null, 2)}\n`)
  return file
}
