import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { floorAtBase, judge, type Shares } from './floor.ts'
import { reports, root } from './stages.ts'

/** Prints the coverage of the library and holds it against its floor, which it raises when more is covered. */
const FLOOR = join('scripts', 'test', 'coverage-floor.json')

const { total } = JSON.parse(readFileSync(join(reports, 'coverage', 'coverage-summary.json'), 'utf8')) as {
  total: Record<keyof Shares, { pct: number }>
}
const found: Shares = { lines: total.lines.pct, branches: total.branches.pct }
const floor = JSON.parse(readFileSync(join(root, FLOOR), 'utf8')) as Shares
const { problems, raised } = judge(found, floor, floorAtBase(root, FLOOR))

process.stdout.write(
  `lib/infrastructure: ${found.lines} % of lines (at least ${floor.lines}), ${found.branches} % of branches (at least ${floor.branches})\n`,
)
for (const problem of problems) process.stderr.write(`✗ ${problem}\n`)
if (problems.length > 0) process.exitCode = 1
else if (raised) {
  writeFileSync(join(root, FLOOR), `${JSON.stringify(raised, null, 2)}\n`)
  process.stdout.write(`The floor is raised to ${raised.lines} and ${raised.branches} %: commit ${FLOOR}.\n`)
}
