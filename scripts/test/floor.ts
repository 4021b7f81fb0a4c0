import { execFileSync } from 'node:child_process'
import { changeBase } from './changed.ts'

/** Percent covered. */
export interface Shares {
  lines: number
  branches: number
}

/** Which branches of a race a run takes is chance: so much less than was found is the floor (percent). */
const SLACK = 0.5

/** What is wrong with the coverage found, or with a floor lower than it was `before`; and the floor to be kept from now on, if higher. */
export function judge(found: Shares, floor: Shares, before?: Shares): { problems: string[]; raised?: Shares } {
  const kinds = ['lines', 'branches'] as const
  const problems = kinds.flatMap(kind => [
    ...(found[kind] < floor[kind]
      ? [`${found[kind]} % of ${kind} are covered, less than the floor of ${floor[kind]} %.`]
      : []),
    ...(before && floor[kind] < before[kind] ? [`The floor of ${kind} was ${before[kind]} %; it only rises.`] : []),
  ])
  const raised = { lines: higher(found.lines, floor.lines), branches: higher(found.branches, floor.branches) }
  const rises = problems.length === 0 && kinds.some(kind => raised[kind] > floor[kind])
  return rises ? { problems, raised } : { problems }
}

/** By half percents, so that it does not move with every run. */
const higher = (found: number, floor: number) => Math.max(floor, Math.floor((found - SLACK) * 2) / 2)

/** The floor in the commit that the change is compared with; absent where there was none. */
export function floorAtBase(root: string, file: string): Shares | undefined {
  try {
    const text = execFileSync('git', ['show', `${changeBase(root)}:${file}`], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return JSON.parse(text) as Shares
  } catch {
    return undefined
  }
}
