import type { MigrationOutput } from '../../../../infrastructure/migrations/index.ts'
import { counted } from '../../../platform/counted.ts'
import type { RunControl } from '../../../platform/operation/define.ts'
import type { RunItem } from '../../../platform/operation/wire.ts'
import { writeFirst } from '../../../platform/operation/write-first.ts'
import { LINE_MARK } from '../runs.ts'

/** The most output lines in the ledger: a migration with endless output must not fill it. */
const LINES_AT_MOST = 150

/**
 * A run's ledger: one line per migration, planned before anything is done, and the lines of its output below it. Output that cannot be
 * written is left out: it must not fail a migration.
 */
export function migrationLedger(control: RunControl, planned: readonly string[]) {
  const lines = new Map<string, number>()
  let done = 0
  let tail: Promise<unknown> = Promise.resolve()
  let current: { key: string; text: string } | undefined

  const write = (key: string, status: RunItem['status'], message?: string) => {
    tail = tail.then(() => control.item(key, status, message))
  }
  const nextKey = (migration: string) => {
    const line = (lines.get(migration) ?? 0) + 1
    lines.set(migration, line)
    return line > LINES_AT_MOST ? undefined : `${migration}${LINE_MARK}${String(line).padStart(3, '0')}`
  }
  const line = (migration: string, text: string, status: RunItem['status'] = 'done') => {
    const key = nextKey(migration)
    if (key) write(key, status, text)
    return key
  }

  return {
    /** Awaited before anything is done: after a crash it shows what was planned. Refuses when it cannot be written. */
    async plan() {
      for (const name of planned) await writeFirst(control, name, 'pending')
      control.progress({ done: 0, total: planned.length })
    },
    onOutput(output: MigrationOutput) {
      const { migration } = output
      switch (output.kind) {
        case 'begun':
          control.progress({ done, total: planned.length, note: migration })
          break
        case 'statement': {
          const { statement, index, of } = output
          const text = `${index + 1}/${of} ${oneLine(statement.sql)}`
          const key = line(migration, text, 'pending')
          current = key === undefined ? undefined : { key, text }
          control.progress({ done, total: planned.length, note: `${migration}, statement ${index + 1} of ${of}` })
          break
        }
        case 'progress': {
          const share = output.total > 0 ? `, ${Math.floor((output.done / output.total) * 100)} %` : ''
          control.progress({ done, total: planned.length, note: `${migration}: ${output.phase}${share}` })
          break
        }
        case 'executed': {
          const rows = output.rows === undefined ? '' : `, ${counted(output.rows, 'row')}`
          if (current) write(current.key, 'done', `${current.text} (${milliseconds(output.durationMs)}${rows})`)
          current = undefined
          break
        }
        case 'notice':
          line(migration, `${output.severity}: ${output.message}`)
          break
        case 'note':
          line(migration, output.message)
          break
        case 'finished':
          done++
          write(
            migration,
            'done',
            `${output.direction === 'up' ? 'applied' : 'rolled back'} in ${milliseconds(output.durationMs)}`,
          )
          control.progress({ done, total: planned.length })
          break
        case 'failed':
          if (current) write(current.key, 'failed', current.text)
          current = undefined
          write(migration, 'failed', output.message)
          break
      }
    },
    /** Those that were not reached. */
    async close(reached: ReadonlySet<string>) {
      for (const name of planned) if (!reached.has(name)) write(name, 'skipped', 'not started')
      await tail
    },
  }
}

const oneLine = (sql: string) => {
  const text = sql.replace(/\s+/g, ' ')
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}

const milliseconds = (ms: number) => (ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`)
