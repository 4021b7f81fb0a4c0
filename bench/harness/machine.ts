import { cpus, loadavg, totalmem } from 'node:os'

/** What the figures were measured on, and how busy it was with other things when they were. */
export function describeMachine() {
  const [first] = cpus()
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    /** Load average of the minute before the first run. More than a little of a core means that others were measured, too. */
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
    date: new Date().toISOString(),
  }
}
