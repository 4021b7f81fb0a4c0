import { bytes, many } from '../words.ts'
import type { Rule } from './rule.ts'
import { settingBytes, settingText } from './setting-value.ts'

/** Fewer says nothing about a server: its cache is not warm yet. */
const ENOUGH_LOOKUPS = 100_000

/** Memory, and what the planner takes storage to cost. */
export const memory: readonly Rule[] = [
  {
    setting: 'shared_buffers',
    judge({ value, unit }, { evidence: { blocksHit, blocksRead, databaseBytes } }) {
      const lookups = blocksHit + blocksRead
      const ratio = blocksHit / lookups
      if (databaseBytes < 4 * settingBytes(value, unit) || lookups < ENOUGH_LOOKUPS || ratio > 0.99) return
      return {
        kind: 'advice',
        title: `Shared buffers are ${settingText(value, unit)} for a database of ${bytes(databaseBytes)}`,
        why: `${(100 * ratio).toFixed(1)} % of the blocks that were read were found in them. A quarter of the machine’s memory is the usual start; how much that is, Postgres does not say, so check before you copy this.`,
        to: settingText(String(2 * Number(value)), unit),
      }
    },
  },
  {
    setting: 'work_mem',
    judge({ value, unit }, { evidence: { temporaryFiles, temporaryBytes, since } }) {
      if (temporaryFiles < 100 || temporaryBytes < 100 * 1024 ** 2) return
      const sinceWords = since === undefined ? '' : ` since ${new Date(since).toISOString().slice(0, 10)}`
      return {
        kind: 'advice',
        title: `Sorts and hashes do not fit into ${settingText(value, unit)}`,
        why: `${many(temporaryFiles, 'temporary file')} with ${bytes(temporaryBytes)} were written${sinceWords}. Each sort or hash of each connection may take this much memory, so raise it in steps, or only for the account that needs it.`,
        to: settingText(String(2 * Number(value)), unit),
      }
    },
  },
  {
    setting: 'random_page_cost',
    judge({ value }) {
      if (Number(value) !== 4) return
      return {
        kind: 'question',
        title: 'Is the storage SSD or network storage?',
        why: 'The planner takes a random read to cost four sequential ones, as on a spinning disk, and avoids indexes for it. On SSD they cost nearly the same. Postgres cannot know what it is on.',
        to: '1.1',
      }
    },
  },
]
