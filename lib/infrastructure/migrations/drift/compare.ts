import type { ColumnShape, IndexShape, SchemaDifference, SchemaShape, TableShape } from './schema.ts'

/** What differs. Tables that are not declared are left out: others may share the database. */
export function differencesOf(declared: SchemaShape, live: SchemaShape): SchemaDifference[] {
  const found: SchemaDifference[] = []
  for (const [name, values] of declared.enums) {
    const there = live.enums.get(name)
    if (!there) found.push({ on: name, kind: 'missing', words: `The enum ${name} is not in the database` })
    else if (values.join('\n') !== there.join('\n'))
      found.push({
        on: name,
        kind: 'different',
        words: `The enum ${name} has ${listed(there)}; declared are ${listed(values)}`,
      })
  }
  for (const [name, table] of declared.tables) {
    const there = live.tables.get(name)
    if (there) found.push(...differencesOfTable(name, table, there))
    else found.push({ on: name, kind: 'missing', words: `The table ${name} is not in the database` })
  }
  return found
}

function differencesOfTable(on: string, declared: TableShape, live: TableShape): SchemaDifference[] {
  const found: SchemaDifference[] = []
  const add = (kind: SchemaDifference['kind'], words: string) => found.push({ on, kind, words })
  eachPair(declared.columns, live.columns, (name, one, other) => {
    if (!other) add('missing', `Column ${name} is not in ${on}`)
    else if (!one) add('extra', `Column ${name} of ${on} is not declared`)
    else for (const words of columnDifferences(one, other)) add('different', `Column ${name} of ${on} ${words}`)
  })
  if (declared.primaryKey.join() !== live.primaryKey.join())
    add(
      'different',
      `The primary key of ${on} is (${live.primaryKey.join(', ')}); declared is (${declared.primaryKey.join(', ')})`,
    )
  eachPair(declared.indexes, live.indexes, (name, one, other) => {
    if (!other) add('missing', `Index ${name} of ${on} is not in the database`)
    else if (!one) add('extra', `Index ${name} of ${on} is not declared`)
    else if (JSON.stringify(one) !== JSON.stringify(other))
      add('different', `Index ${name} of ${on} is ${indexText(other)}; declared is ${indexText(one)}`)
  })
  for (const [what, one, other] of [
    ['Foreign key', declared.foreignKeys, live.foreignKeys],
    ['Unique constraint', declared.uniques, live.uniques],
  ] as const)
    eachPair(one, other, (name, wanted, there) => {
      if (there === undefined) add('missing', `${what} ${name} of ${on} is not in the database`)
      else if (wanted === undefined) add('extra', `${what} ${name} of ${on} is not declared`)
      else if (wanted !== there) add('different', `${what} ${name} of ${on} is ${there}; declared is ${wanted}`)
    })
  for (const name of declared.checks)
    if (!live.checks.has(name)) add('missing', `Check ${name} of ${on} is not in the database`)
  for (const name of live.checks) if (!declared.checks.has(name)) add('extra', `Check ${name} of ${on} is not declared`)
  return found
}

function columnDifferences(declared: ColumnShape, live: ColumnShape): string[] {
  const found: string[] = []
  if (declared.type !== live.type) found.push(`is ${live.type}; declared is ${declared.type}`)
  if (declared.notNull !== live.notNull)
    found.push(live.notNull ? 'is NOT NULL, which is not declared' : 'may be null; declared is NOT NULL')
  if (declared.generated !== live.generated)
    found.push(`${generatedText(live.generated)}; declared is that it ${generatedText(declared.generated)}`)
  else if (declared.generated === undefined && declared.default !== live.default)
    found.push(`has ${defaultWords(live.default)}; declared is ${defaultWords(declared.default)}`)
  return found
}

function eachPair<T>(
  one: ReadonlyMap<string, T>,
  other: ReadonlyMap<string, T>,
  look: (name: string, one: T | undefined, other: T | undefined) => void,
): void {
  for (const name of new Set([...one.keys(), ...other.keys()])) look(name, one.get(name), other.get(name))
}

const generatedText = (generated: ColumnShape['generated']) =>
  generated === undefined
    ? 'is not generated'
    : { identity: 'is an identity', stored: 'is computed', serial: 'is counted by a sequence' }[generated]
const defaultWords = (text: string | undefined) => (text === undefined ? 'no default' : `the default ${text}`)
const listed = (values: readonly string[]) => values.map(value => `'${value}'`).join(', ')
const indexText = ({ unique, method, columns, partial }: IndexShape) =>
  `${unique ? 'a unique' : 'an'} index by ${method} on (${columns.join(', ')})${partial ? ' with a condition' : ''}`
