import { expect, test } from 'vitest'
import { adviceOn, type ServerSettings, type Setting } from '../index.ts'

const GB = 1024 ** 3

/** A server on which nothing is to be said, but for what is given. */
function serverWith(
  settings: Record<string, string>,
  {
    evidence = {},
    overrides = [],
  }: { evidence?: Partial<ServerSettings['evidence']>; overrides?: ServerSettings['overrides'] } = {},
): ServerSettings {
  const units: Record<string, string> = {
    shared_buffers: '8kB',
    work_mem: 'kB',
    max_wal_size: 'MB',
    checkpoint_timeout: 's',
    statement_timeout: 'ms',
    idle_in_transaction_session_timeout: 'ms',
  }
  const restarts = ['shared_buffers', 'max_connections', 'shared_preload_libraries']
  return {
    settings: Object.entries(settings).map(
      ([name, value]): Setting => ({
        name,
        value,
        ...(units[name] ? { unit: units[name] } : {}),
        source: 'default',
        context: restarts.includes(name) ? 'postmaster' : 'sighup',
        category: '',
        description: '',
        pendingRestart: false,
      }),
    ),
    overrides,
    evidence: {
      databaseBytes: GB,
      blocksHit: 0,
      blocksRead: 0,
      temporaryFiles: 0,
      temporaryBytes: 0,
      connections: 10,
      checkpointsTimed: 0,
      checkpointsRequested: 0,
      statements: true,
      ...evidence,
    },
  }
}

type Given = Parameters<typeof serverWith>

test.each<[string, Given, object]>([
  [
    'fsync off',
    [{ fsync: 'off' }],
    { kind: 'danger', statement: "ALTER SYSTEM SET fsync = 'on';\nSELECT pg_reload_conf();" },
  ],
  ['full_page_writes off', [{ full_page_writes: 'off' }], { kind: 'danger' }],
  ['autovacuum off', [{ autovacuum: 'off' }], { kind: 'danger' }],
  [
    'a timeout of zero while a transaction is idle',
    [{ idle_in_transaction_session_timeout: '0' }, { evidence: { idleInTransactionMs: 600_000 } }],
    { kind: 'advice', why: expect.stringContaining('for 10 min now') },
  ],
  ['a timeout of zero', [{ idle_in_transaction_session_timeout: '0' }], { why: expect.not.stringContaining(' now') }],
  [
    'no statement timeout',
    [{ statement_timeout: '0' }, { evidence: { busiestUser: 'Till User' } }],
    { statement: 'ALTER ROLE "Till User" SET statement_timeout = \'30s\';' },
  ],
  [
    'no statement timeout and no other account',
    [{ statement_timeout: '0' }, { overrides: [{ role: 'till', name: 'statement_timeout', value: '0ms' }] }],
    { statement: expect.stringContaining('the_account_of_a_service') },
  ],
  [
    'connections near the limit',
    [{ max_connections: '100' }, { evidence: { connections: 90 } }],
    { kind: 'advice', statement: "ALTER SYSTEM SET max_connections = '150';\n-- then restart the server" },
  ],
  [
    'a high limit of connections',
    [{ max_connections: '1000' }],
    { kind: 'question', title: 'Are 1,000 connections needed?' },
  ],
  [
    'a small cache that misses',
    [{ shared_buffers: '16384' }, { evidence: { databaseBytes: 20 * GB, blocksHit: 900_000, blocksRead: 100_000 } }],
    {
      title: 'Shared buffers are 128MB for a database of 20 GB',
      why: expect.stringContaining('90.0 %'),
      statement: expect.stringContaining("'256MB'"),
    },
  ],
  [
    'many temporary files',
    [
      { work_mem: '4096' },
      { evidence: { temporaryFiles: 2_000, temporaryBytes: 3 * GB, since: Date.UTC(2026, 0, 2) } },
    ],
    { why: expect.stringContaining('2,000 temporary files with 3.0 GB were written since 2026-01-02') },
  ],
  [
    'many temporary files since ever',
    [{ work_mem: '4096' }, { evidence: { temporaryFiles: 2_000, temporaryBytes: 3 * GB } }],
    { why: expect.stringContaining('were written.') },
  ],
  ['costs of a spinning disk', [{ random_page_cost: '4' }], { kind: 'question' }],
  [
    'checkpoints before their time',
    [{ max_wal_size: '1024' }, { evidence: { checkpointsTimed: 10, checkpointsRequested: 90 } }],
    { why: expect.stringContaining('90 of 100 checkpoints'), statement: expect.stringContaining("'2GB'") },
  ],
  ['frequent checkpoints', [{ checkpoint_timeout: '60' }], { title: 'There is a checkpoint every 1min' }],
  [
    'connections without TLS',
    [{ ssl: 'off' }, { evidence: { plainConnections: 4 } }],
    { title: expect.stringContaining('4 connections') },
  ],
  ['passwords as MD5', [{ password_encryption: 'md5' }], {}],
  ['no slow statements in the log', [{ log_min_duration_statement: '-1' }], {}],
  ['no waits in the log', [{ log_lock_waits: 'off' }], {}],
  ['no timing of reads', [{ track_io_timing: 'off' }], { kind: 'question' }],
  [
    'statements not counted',
    [{ shared_preload_libraries: 'auto_explain' }],
    { statement: expect.stringContaining("'auto_explain', 'pg_stat_statements'") },
  ],
  [
    'counts that cannot be read',
    [{ shared_preload_libraries: 'pg_stat_statements' }, { evidence: { statements: false } }],
    { statement: 'CREATE EXTENSION pg_stat_statements;' },
  ],
])('%s', (_what, given, expected) => {
  expect(adviceOn(serverWith(...given))).toEqual([expect.objectContaining(expected)])
})

test.each<[string, Given]>([
  [
    'all is well',
    [
      {
        fsync: 'on',
        autovacuum: 'on',
        idle_in_transaction_session_timeout: '60000',
        max_connections: '100',
        random_page_cost: '1.1',
        checkpoint_timeout: '900',
        password_encryption: 'scram-sha-256',
        log_min_duration_statement: '1000',
        log_lock_waits: 'on',
        track_io_timing: 'on',
        shared_preload_libraries: 'pg_stat_statements',
      },
    ],
  ],
  ['too little was measured', [{ shared_buffers: '16384', work_mem: '4096', max_wal_size: '1024', ssl: 'off' }]],
  [
    'the cache hits',
    [{ shared_buffers: '16384' }, { evidence: { databaseBytes: 20 * GB, blocksHit: 999_999, blocksRead: 1 } }],
  ],
  [
    'the accounts of services have a limit',
    [{ statement_timeout: '0' }, { overrides: [{ role: 'till', name: 'statement_timeout', value: '30s' }] }],
  ],
  ['nothing could be read', [{}]],
])('nothing is said where %s', (_what, given) => {
  expect(adviceOn(serverWith(...given))).toEqual([])
})

test('the dangerous comes first and questions last', () => {
  const kinds = adviceOn(serverWith({ random_page_cost: '4', log_lock_waits: 'off', fsync: 'off' })).map(
    ({ kind }) => kind,
  )
  expect(kinds).toEqual(['danger', 'advice', 'question'])
})
