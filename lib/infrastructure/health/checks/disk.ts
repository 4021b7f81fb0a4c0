import { statfs } from 'node:fs/promises'
import type { HealthCheck, HealthCheckOptions } from '../port.ts'
import { judge, percent, type Threshold } from './threshold.ts'

export interface DiskOptions extends Omit<HealthCheckOptions, 'name'>, Partial<Threshold> {
  name?: string
  /** Any path on the file system to check. */
  path: string
  /** Bytes that this user can still write, and bytes in total. */
  read?: (path: string) => Promise<{ free: number; total: number }>
}

/** The used share of a file system. Degraded above 0.9, down above 0.97. */
export function diskCheck(options: DiskOptions): HealthCheck {
  const { path, degradedAbove = 0.9, downAbove = 0.97, read = readDisk, ...rest } = options
  return {
    name: 'disk',
    group: 'runtime',
    nextStep: `Delete what is not needed around ${path}, or make its file system larger.`,
    ...rest,
    async run() {
      const { free, total } = await read(path)
      const used = total > 0 ? 1 - free / total : 0
      return judge(used, { degradedAbove, downAbove }, limit => `${path} is more than ${percent(limit)} full`, {
        free,
        total,
      })
    },
  }
}

async function readDisk(path: string) {
  const { bavail, bfree, blocks, bsize } = await statfs(path)
  // As df counts: blocks reserved for root are neither free nor part of the total.
  return { free: bavail * bsize, total: (blocks - bfree + bavail) * bsize }
}
