import type { Rule } from './rule.ts'

/** What can be known of the server afterwards. */
export const observing: readonly Rule[] = [
  {
    setting: 'log_min_duration_statement',
    judge({ value }) {
      if (Number(value) >= 0) return
      return {
        kind: 'advice',
        title: 'Slow statements are not in the log',
        why: 'pg_stat_statements knows averages; the log knows the one statement that was slow, when, and with which values. Those may be personal data: set log_parameter_max_length to 0 where the log must not have them.',
        to: '1s',
      }
    },
  },
  {
    setting: 'log_lock_waits',
    judge({ value }) {
      if (value !== 'off') return
      return {
        kind: 'advice',
        title: 'Waits for locks are not in the log',
        why: 'A session that waits for longer than deadlock_timeout writes one line with who holds the lock: what is needed the next morning, at hardly any cost.',
        to: 'on',
      }
    },
  },
  {
    setting: 'track_io_timing',
    judge({ value }) {
      if (value !== 'off') return
      return {
        kind: 'question',
        title: 'Is the clock of the machine cheap to read?',
        why: 'Then let Postgres time its reads and writes: without it, no statement and no plan says how long it waited for storage. pg_test_timing measures the clock; under 100 ns is fine.',
        to: 'on',
      }
    },
  },
  {
    setting: 'shared_preload_libraries',
    judge({ value }, { evidence: { statements } }) {
      const loaded = value
        .split(',')
        .map(name => name.trim())
        .filter(Boolean)
      if (!loaded.includes('pg_stat_statements'))
        return {
          kind: 'advice',
          title: 'Statements are not counted',
          why: 'Without pg_stat_statements nobody knows which statements cost most. It costs about a hundredth of the throughput and some megabytes.',
          to: {
            statement: `ALTER SYSTEM SET shared_preload_libraries = ${[...loaded, 'pg_stat_statements'].map(name => `'${name}'`).join(', ')};\n-- then restart the server, and:\nCREATE EXTENSION pg_stat_statements;`,
          },
        }
      if (statements) return
      return {
        kind: 'advice',
        title: 'Statements are counted and cannot be read here',
        why: 'pg_stat_statements is loaded; the view that shows its counts is missing in this database.',
        to: { statement: 'CREATE EXTENSION pg_stat_statements;' },
      }
    },
  },
]
