import { MINUTE, numberWords, type Rule } from './rule.ts'
import { settingMillis, settingText } from './setting-value.ts'

/** Losing data, and what keeping it costs. */
export const durability: readonly Rule[] = [
  whenOff(
    'fsync',
    'After a crash of the machine the database may be damaged beyond repair. Nothing is worth this but a copy that can be thrown away.',
  ),
  whenOff(
    'full_page_writes',
    'A page that was half written when the machine crashed cannot be repaired, unless the file system writes pages of 8 kB in one step.',
  ),
  whenOff(
    'autovacuum',
    'Dead rows stay, tables and indexes grow, plans are made from old statistics, and in the end the server takes no writes, so that transaction ids do not run out.',
  ),
  {
    setting: 'max_wal_size',
    judge({ value, unit }, { evidence: { checkpointsTimed: timed, checkpointsRequested: requested } }) {
      if (requested < 20 || requested <= timed) return
      return {
        kind: 'advice',
        title: `Checkpoints begin because ${settingText(value, unit)} of write-ahead log is full`,
        why: `${numberWords(requested)} of ${numberWords(requested + timed)} checkpoints began before their time. After each, the next change of every page writes the whole page, so writes cost more the more often they come.`,
        to: settingText(String(2 * Number(value)), unit),
      }
    },
  },
  {
    setting: 'checkpoint_timeout',
    judge({ value, unit }) {
      if (settingMillis(value, unit) >= 5 * MINUTE) return
      return {
        kind: 'advice',
        title: `There is a checkpoint every ${settingText(value, unit)}`,
        why: 'After each, the next change of every page writes the whole page to the write-ahead log. 15 minutes are common; the price is a longer recovery after a crash.',
        to: '15min',
      }
    },
  },
]

function whenOff(setting: string, why: string): Rule {
  return {
    setting,
    judge: ({ value }) => (value === 'off' ? { kind: 'danger', title: `${setting} is off`, why, to: 'on' } : undefined),
  }
}
