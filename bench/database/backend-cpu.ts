import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second of Linux on every platform that Node runs on. */
const TICKS = 100

/** CPU seconds that the processes of a Postgres have used, those that ended included. Linux only. */
export function cpuSecondsOf(postmaster: number): number {
  const own = statOf(postmaster)
  const children = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => statOf(Number(name)))
    .filter(stat => stat?.parent === postmaster)
  const ticks = (own ? own.used + own.ofEnded : 0) + children.reduce((sum, stat) => sum + (stat?.used ?? 0), 0)
  return ticks / TICKS
}

function statOf(pid: number): { parent: number; used: number; ofEnded: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may contain spaces.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const at = (index: number) => fields[index] ?? 0
    return { parent: at(1), used: at(11) + at(12), ofEnded: at(13) + at(14) }
  } catch {
    return undefined
  }
}
