import { readdirSync, readFileSync } from 'node:fs'

/** CPU seconds used so far, at a moment of the monotonic clock (ms). */
export interface Cpu {
  at: number
  console: number
  demo: number
  servers: number
}

/** Ticks per second of /proc, the same on every Linux that Node runs on. */
const TICKS = 100

/** CPU used by a started product, by part, for the process tree of the start. Linux only. */
export function cpuOfTree(root: number): Cpu {
  const processes = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => readProcess(Number(name)) ?? [])
  const ours = new Set([root])
  for (let before = 0; before < ours.size; ) {
    before = ours.size
    for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid)
  }
  const used = (part: (command: string) => boolean) =>
    processes.filter(({ pid, command }) => ours.has(pid) && part(command)).reduce((sum, { cpu }) => sum + cpu, 0)
  const isConsole = (command: string) => /standalone\/server\.js|next-server/.test(command)
  const isDemo = (command: string) => command.includes('/demo/')
  const isServer = (command: string) => /postgres|redis-server|valkey-server/.test(command) && !isDemo(command)
  return { at: performance.now(), console: used(isConsole), demo: used(isDemo), servers: used(isServer) }
}

function readProcess(pid: number): { pid: number; parent: number; cpu: number; command: string } | undefined {
  try {
    // The second field is the command in brackets, which may contain any character.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return { pid, parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) / TICKS, command }
  } catch {
    return undefined
  }
}
