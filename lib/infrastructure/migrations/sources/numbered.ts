import { MigrationError, type MigrationFile } from '../port.ts'
import { type Folder, ignoredOf, type MigrationFolder } from './folder.ts'

const NUMBERED = /^(\d{1,20})[_-]([^/]+?)(\.down)?\.sql$/

export const isNumbered = (name: string) => NUMBERED.test(name)

/** `NNNN_name.sql` by number, each with `NNNN_name.down.sql` where there is one. */
export async function readNumbered(folder: Folder): Promise<MigrationFolder> {
  const ups = folder.sql.filter(name => NUMBERED.test(name) && !name.endsWith('.down.sql'))
  const files: (MigrationFile & { number: bigint })[] = []
  for (const name of ups) {
    const number = BigInt(NUMBERED.exec(name)?.[1] as string)
    const twin = files.find(file => file.number === number)
    if (twin)
      throw new MigrationError(`${twin.name}.sql and ${name} have the same number`, {
        code: 'MIGRATION_FOLDER',
        nextStep: 'Give one of them the next free number: otherwise their order is undefined.',
      })
    const file = await folder.migration(name.slice(0, -'.sql'.length))
    const replaces = replacesOf(file.up.sql)
    files.push({ number, ...file, ...(replaces.length > 0 ? { replaces } : {}) })
  }
  files.sort((a, b) => (a.number < b.number ? -1 : 1))
  const known = files.map(({ number: _number, ...file }) => file)
  return { source: 'folder', files: known, ignored: ignoredOf(folder, known, whyIgnored) }
}

const REPLACES = /^-- replaces (\S+) ([0-9a-f]{64})$/gm

/** What the lines `-- replaces NAME CHECKSUM` of a squashed migration say. */
function replacesOf(sql: string) {
  return [...sql.matchAll(REPLACES)].map(([, name = '', checksum = '']) => ({ name, checksum }))
}

const whyIgnored = (name: string) =>
  NUMBERED.exec(name)?.[3] ? 'has no migration to roll back' : 'is not named NNNN_name.sql'
