import type { Finding, JournalRow, MigrationEntry, MigrationFile } from './port.ts'

/** Compares files and journal: what is applied, pending, changed since, missing, or out of order. */
export function compare(files: readonly MigrationFile[], rows: readonly JournalRow[]): MigrationEntry[] {
  const left = [...rows]
  const entries: MigrationEntry[] = files.map(file => {
    const row = takeRowOf(file, left)
    if (!row && file.replaces) return squashed(file, file.replaces, left)
    const state = !row ? 'pending' : row.checksum === file.up.checksum ? 'applied' : 'drifted'
    return { name: file.name, state, outOfOrder: false, file, ...(row ? { applied: row } : {}) }
  })
  const lastApplied = new Map(
    entries.flatMap(({ applied, file }, index) => (applied ? [[file?.capability, index]] : [])),
  )
  for (const [index, entry] of entries.entries())
    entry.outOfOrder = entry.state === 'pending' && index < (lastApplied.get(entry.file?.capability) ?? -1)
  markPassedOver(entries)
  for (const row of left) place(entries, row)
  return entries
}

/** One that takes the place of others, by their lines. */
function squashed(
  file: MigrationFile,
  replaces: NonNullable<MigrationFile['replaces']>,
  rows: JournalRow[],
): MigrationEntry {
  const found = replaces.map(({ name }) => rows.find(row => row.name === name))
  const lines = found.filter(row => row !== undefined)
  const entry = { name: file.name, outOfOrder: false, file }
  if (lines.length === 0) return { ...entry, state: 'pending' }
  for (const row of lines) rows.splice(rows.indexOf(row), 1)
  const lacks = replaces.filter((_, index) => !found[index]).map(({ name }) => name)
  if (lacks.length > 0) return { ...entry, state: 'pending', lacksReplaced: lacks }
  const drifted = replaces.some(({ checksum }, index) => found[index]?.checksum !== checksum)
  const last = lines.at(-1) as JournalRow
  return { ...entry, state: drifted ? 'drifted' : 'applied', applied: last, appliedThrough: lines }
}

/** drizzle's `migrate()` runs what is stamped after the last applied one, and nothing else. Its newer journal goes by names. */
function markPassedOver(entries: MigrationEntry[]): void {
  const newest = entries
    .filter(({ applied, file }) => applied && file?.when !== undefined && !file.stamped)
    .reduce<MigrationEntry | undefined>(
      (last, entry) => (last && Number(last.applied?.when) >= Number(entry.applied?.when) ? last : entry),
      undefined,
    )
  if (!newest) return
  for (const entry of entries)
    if (entry.state === 'pending' && Number(entry.file?.when) <= Number(newest.applied?.when))
      entry.passedOverBy = newest.name
}

/** drizzle's journal identifies a migration by its time alone, the folder's journal by its name. */
function takeRowOf(file: MigrationFile, rows: JournalRow[]): JournalRow | undefined {
  const fits = (row: JournalRow) => {
    if (file.when === undefined) return row.name === file.name
    if (!file.stamped) return row.when === file.when
    // drizzle's older journal has no names; the stamp of the newer layout is its time in whole seconds.
    return row.name === undefined ? Math.floor(Number(row.when) / 1_000) * 1_000 === file.when : row.name === file.name
  }
  const exact = rows.findIndex(row => fits(row) && row.checksum === file.up.checksum)
  const index = exact >= 0 ? exact : rows.findIndex(fits)
  return index >= 0 ? rows.splice(index, 1)[0] : undefined
}

/** Inserts a migration without a file at the place given by its number or time. */
function place(entries: MigrationEntry[], row: JournalRow): void {
  const name = row.name ?? `(file of ${new Date(Number(row.when)).toISOString().slice(0, 16).replace('T', ' ')} UTC)`
  const missing: MigrationEntry = { name, state: 'missing', outOfOrder: false, applied: row }
  const after = entries.findIndex(entry =>
    row.when === undefined
      ? numberOf(entry.name) > numberOf(name)
      : Number((entry.file ?? entry.applied)?.when) > row.when,
  )
  entries.splice(after < 0 ? entries.length : after, 0, missing)
}

const numberOf = (name: string) => BigInt(/^\d{1,20}/.exec(name)?.[0] ?? 0)

/** Those to run so that `to` (default: the last) is applied, in order. */
export function planUp(entries: readonly MigrationEntry[], to?: string): MigrationEntry[] {
  const end = to === undefined ? entries.length : entries.findIndex(entry => entry.name === to) + 1
  return entries.slice(0, end).filter(entry => entry.state === 'pending')
}

/** The first of them that can be run as they are: one that cannot stops those after it, not those before. */
export function runnable(plan: readonly MigrationEntry[]): MigrationEntry[] {
  const end = plan.findIndex(entry => obstacleOf([entry], 'up'))
  return end < 0 ? [...plan] : plan.slice(0, end)
}

/** What has to be known about one that is run here, as sentences without a full stop. */
export function remarksAbout(plan: readonly MigrationEntry[]): string[] {
  return plan.flatMap(({ name, file, passedOverBy }) => {
    const trap = file?.up.enumTrap
    return [
      ...(passedOverBy
        ? [
            `drizzle's own migrate() would pass over ${name} in silence, because it is stamped before ${passedOverBy}, which is applied; here it is run`,
          ]
        : []),
      ...(trap
        ? [
            `${name} adds the value '${trap.value}' to ${trap.type} in line ${trap.addedIn} and seems to use it in line ${trap.usedIn}: Postgres refuses that within one transaction, unless that transaction creates the type. Move the use into a migration of its own, or, where the type is created by a pending migration, run all in one transaction`,
          ]
        : []),
    ]
  })
}

/** Those to roll back so that `to` is the last applied (`null`: none is), the newest first. */
export function planDown(entries: readonly MigrationEntry[], to: string | null): MigrationEntry[] {
  const begin = to === null ? 0 : entries.findIndex(entry => entry.name === to) + 1
  return entries
    .slice(begin)
    .filter(entry => entry.applied)
    .reverse()
}

/** The findings that need a decision before these are run, with the names concerned. */
export function findingsAbout(
  entries: readonly MigrationEntry[],
  plan: readonly MigrationEntry[],
  direction: 'up' | 'down',
): Map<Finding, string[]> {
  const found = new Map<Finding, string[]>()
  const add = (finding: Finding, which: readonly MigrationEntry[]) => {
    if (which.length > 0)
      found.set(
        finding,
        which.map(entry => entry.name),
      )
  }
  // A rollback concerns only what it rolls back; a run forward depends on everything before.
  const looked = direction === 'up' ? entries : plan
  add(
    'drifted',
    looked.filter(entry => entry.state === 'drifted'),
  )
  if (direction === 'up') {
    add(
      'missing',
      looked.filter(entry => entry.state === 'missing'),
    )
    add(
      'out-of-order',
      plan.filter(entry => entry.outOfOrder),
    )
  }
  return found
}

/** A finding as a sentence without a full stop, with the first of the migrations it is about. */
export function describeFinding(finding: Finding, migrations: readonly string[]): string {
  const names = migrations.slice(0, 5).join(', ')
  const many = migrations.length > 1
  if (finding === 'drifted') return `${many ? 'The files' : 'The file'} of ${names} changed after being applied`
  if (finding === 'missing')
    return `${many ? 'The files' : 'The file'} of ${names} ${many ? 'are' : 'is'} missing, though ${many ? 'they were' : 'it was'} applied`
  return `${names} would run after migrations that come later`
}

/** Why one of these can never be rolled back or run, as a sentence; undefined when all can. */
export function obstacleOf(
  plan: readonly MigrationEntry[],
  direction: 'up' | 'down',
): { migration: string; why: string; nextStep: string } | undefined {
  for (const { name, state, file, lacksReplaced } of plan) {
    if (state === 'missing')
      return {
        migration: name,
        why: `The file of ${name} is missing, so it cannot be rolled back`,
        nextStep: 'Restore the file from version control.',
      }
    if (lacksReplaced)
      return {
        migration: name,
        why: `${name} takes the place of migrations of which only some are applied; ${lacksReplaced.join(', ')} ${lacksReplaced.length === 1 ? 'is' : 'are'} not`,
        nextStep: 'First run those with the files of an earlier release.',
      }
    const script = direction === 'up' ? file?.up : file?.down
    if (!script)
      return {
        migration: name,
        why: `${name} cannot be rolled back: there is no ${name}.down.sql`,
        nextStep: 'Write that file, or correct it with a new migration.',
      }
    if (script.problem)
      return {
        migration: name,
        why: `${name}${direction === 'down' ? '.down' : ''}.sql cannot be run: ${script.problem}`,
        nextStep: 'Change the file.',
      }
  }
  return undefined
}
