import { describe, expect, test } from 'vitest'
import { admit } from './admit.ts'
import { describeFinding, describeOwner, type MigrationStatus, obstacleOf } from './index.ts'
import { compare } from './migration-state.ts'
import type { JournalRow, MigrationFile, MigrationScript } from './port.ts'

const script = (checksum: string, problem?: string): MigrationScript => ({
  sql: '',
  statements: [],
  checksum,
  alone: false,
  ...(problem === undefined ? {} : { problem }),
})
const file = (name: string, when?: number): MigrationFile => ({
  name,
  up: script(name),
  down: script(`${name}.down`),
  ...(when === undefined ? {} : { when }),
})
const states = (files: MigrationFile[], rows: JournalRow[]) =>
  compare(files, rows).map(({ name, state }) => `${name} ${state}`)

describe('a migration without its file', () => {
  test('is where its number belongs, and first when its name has none', () => {
    const rows = ['0001_a', '0002_b', '0004_d', 'initial'].map(name => ({ name, checksum: name }))
    expect(states([file('0001_a'), file('0003_c')], rows)).toEqual([
      'initial missing',
      '0001_a applied',
      '0002_b missing',
      '0003_c pending',
      '0004_d missing',
    ])
  })

  test('of drizzle is where its time belongs, also among others without a file, and named by that time', () => {
    const at = (minute: number) => Date.UTC(2026, 0, 2, 3, minute)
    const rows = [5, 2, 9, 4].map(minute => ({ checksum: 'x', when: at(minute) }))
    expect(states([file('0000_one', at(1)), file('0001_two', at(6))], rows)).toEqual([
      '0000_one pending',
      '(file of 2026-01-02 03:02 UTC) missing',
      '(file of 2026-01-02 03:04 UTC) missing',
      '(file of 2026-01-02 03:05 UTC) missing',
      '0001_two pending',
      '(file of 2026-01-02 03:09 UTC) missing',
    ])
  })
})

test.each([
  ['drifted', ['a'], 'The file of a changed after being applied'],
  ['drifted', ['a', 'b'], 'The files of a, b changed after being applied'],
  ['missing', ['a'], 'The file of a is missing, though it was applied'],
  ['missing', ['a', 'b', 'c', 'd', 'e', 'f'], 'The files of a, b, c, d, e are missing, though they were applied'],
  ['out-of-order', ['a', 'b'], 'a, b would run after migrations that come later'],
] as const)('%s %j: %s', (finding, names, sentence) => {
  expect(describeFinding(finding, names)).toBe(sentence)
})

test.each([
  ['up', '0001_a.sql cannot be run: line 1 contains BEGIN'],
  ['down', '0001_a.down.sql cannot be run: line 1 contains BEGIN'],
] as const)('a script that cannot be run %s is named as its file', (direction, why) => {
  const broken = { ...file('0001_a'), [direction]: script('x', 'line 1 contains BEGIN') }
  expect(obstacleOf(compare([broken], []), direction)).toMatchObject({ migration: '0001_a', why })
})

test.each([
  [{ application: 'substation-migrations ada', pid: 1, since: 88_000 }, 'ada (pid 1, for 12 s)'],
  [{ application: 'psql', pid: 2, since: 101_000 }, 'psql (pid 2, for 0 s)'],
  [{ application: 'substation-migrations', pid: 3 }, 'substation-migrations (pid 3)'],
  [{ application: '', account: 'deploy', pid: 4 }, 'deploy (pid 4)'],
  [{ application: '', pid: 5 }, 'another session (pid 5)'],
])('the owner %j of a lock is described as %s', (owner, described) => {
  expect(describeOwner(owner, 100_000)).toBe(described)
})

test.each([
  [0, 'no tables'],
  [1, '1 table'],
  [12, '12 tables'],
])('a first run where there are %d tables says so', (foreignTables, there) => {
  const migrations = compare([file('0001_a')], [])
  const status = { journal: { schema: 's', table: 't', exists: false }, foreignTables, migrations } as MigrationStatus
  expect(() => admit(status, migrations, 'up', { createsJournal: false })).toThrow(
    `This database has no journal of migrations (s.t) and ${there}: nothing was run here yet`,
  )
})
