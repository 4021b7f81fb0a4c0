import { cpus, loadavg, totalmem } from 'node:os'

/** The machine the figures were measured on, and its load. */
export function describeMachine() {
  const [first] = cpus()
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    /** Load average of the minute before the first run. More than a few tenths means that other work affected the figures. */
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
    date: new Date().toISOString(),
  }
}
