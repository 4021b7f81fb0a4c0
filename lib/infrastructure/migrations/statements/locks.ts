/** What a statement locks: the lock mode of Postgres, and its effect in plain words. */
export interface LockForecast {
  /** `none`: nothing that others use; `rows`: the rows it writes; else the table lock's mode. */
  mode: 'none' | 'rows' | 'SHARE UPDATE EXCLUSIVE' | 'SHARE' | 'SHARE ROW EXCLUSIVE' | 'EXCLUSIVE' | 'ACCESS EXCLUSIVE'
  /** The table as written in the statement, if it names one. */
  table?: string
  /** What has to wait, and for how long. */
  words: string
}

const NAME = String.raw`(?<table>(?:"(?:[^"]|"")+"|[\w$]+)(?: ?\. ?(?:"(?:[^"]|"")+"|[\w$]+))?)`

interface Rule {
  pattern: RegExp
  mode: LockForecast['mode']
  words: string
}

const rule = (pattern: string, mode: LockForecast['mode'], words: string): Rule => ({
  pattern: new RegExp(`^${pattern.replaceAll('NAME', NAME)}`, 'i'),
  mode,
  words,
})

const BRIEF = 'Reads and writes of the table wait, for a moment once it has the lock.'
const REWRITE = 'Reads and writes of the table wait while every row is rewritten.'

/**
 * https://www.postgresql.org/docs/current/explicit-locking.html and the page of each statement. The first rule that matches counts; without
 * a match there is no forecast, since a wrong one is worse than none.
 */
const RULES: readonly Rule[] = [
  rule(
    'create (unique )?index concurrently .*? on (only )?NAME',
    'SHARE UPDATE EXCLUSIVE',
    'Reads and writes go on. It waits for older transactions to end.',
  ),
  rule(
    'create (unique )?index (if not exists )?.*?on (only )?NAME',
    'SHARE',
    'Writes to the table wait until the index is built; reads go on.',
  ),
  rule(
    'drop index concurrently ',
    'SHARE UPDATE EXCLUSIVE',
    'Reads and writes go on. It waits for older transactions to end.',
  ),
  rule('drop index ', 'ACCESS EXCLUSIVE', 'Reads and writes of its table wait, for a moment once it has the lock.'),
  rule('reindex .*concurrently', 'SHARE UPDATE EXCLUSIVE', 'Reads and writes go on.'),
  rule(
    'alter table (if exists )?(only )?NAME .*\\bvalidate constraint\\b',
    'SHARE UPDATE EXCLUSIVE',
    'Reads and writes go on while the rows are checked.',
  ),
  rule(
    'alter table (if exists )?(only )?NAME .*\\bdetach partition\\b.*concurrently',
    'SHARE UPDATE EXCLUSIVE',
    'Reads and writes go on.',
  ),
  rule(
    'alter table (if exists )?(only )?NAME .*\\b(set data type|alter (column )?\\S+ type)\\b',
    'ACCESS EXCLUSIVE',
    `${REWRITE} (A change that keeps the stored form rewrites nothing.)`,
  ),
  rule(
    'alter table (if exists )?(only )?NAME add (constraint \\S+ )?(foreign key|check|unique|primary key)',
    'ACCESS EXCLUSIVE',
    'Reads or writes of the table wait while the rows are checked, unless it says NOT VALID. A foreign key also blocks writes to the table it refers to.',
  ),
  rule(
    'alter table (if exists )?(only )?NAME .*\\b(generated always as|default (random|gen_random_uuid|uuid_generate_v4|clock_timestamp|nextval)\\b)',
    'ACCESS EXCLUSIVE',
    `${REWRITE} (A default that is the same for every row rewrites nothing.)`,
  ),
  rule(
    'alter table (if exists )?(only )?NAME .*\\bset not null\\b',
    'ACCESS EXCLUSIVE',
    'Reads and writes of the table wait while all rows are checked.',
  ),
  rule('alter table (if exists )?(only )?NAME (add|drop) column', 'ACCESS EXCLUSIVE', BRIEF),
  rule(
    'alter table (if exists )?(only )?NAME',
    'ACCESS EXCLUSIVE',
    'At most this: reads and writes of the table may wait until it is done.',
  ),
  rule('drop table (if exists )?NAME', 'ACCESS EXCLUSIVE', BRIEF),
  rule('truncate (table )?(only )?NAME', 'ACCESS EXCLUSIVE', BRIEF),
  rule('refresh materialized view concurrently NAME', 'EXCLUSIVE', 'Reads of the view go on.'),
  rule('refresh materialized view NAME', 'ACCESS EXCLUSIVE', 'Reads of the view wait until it is filled.'),
  rule('vacuum (\\([^)]*full|full)', 'ACCESS EXCLUSIVE', 'Reads and writes wait while every row is rewritten.'),
  rule('vacuum', 'SHARE UPDATE EXCLUSIVE', 'Reads and writes go on.'),
  rule(
    'update (only )?NAME',
    'rows',
    'Other writes to the same rows wait until the migration is committed; reads go on.',
  ),
  rule(
    'delete from (only )?NAME',
    'rows',
    'Other writes to the same rows wait until the migration is committed; reads go on.',
  ),
  rule('insert into NAME', 'rows', 'Nothing waits, except for rows of the same key.'),
  rule(
    'create (unlogged )?table [^;]*\\breferences NAME',
    'SHARE ROW EXCLUSIVE',
    'Writes to the table it refers to wait, for a moment once it has the lock.',
  ),
  rule('create (unlogged )?table ', 'none', 'It creates something new; nothing waits.'),
  rule('create (schema|type|domain|sequence|extension) ', 'none', 'It creates something new; nothing waits.'),
  rule('create (or replace )?(function|procedure|view) ', 'none', 'Nothing waits.'),
  rule('comment on ', 'SHARE UPDATE EXCLUSIVE', 'Reads and writes go on.'),
]

/** Takes the statement in one line, without comments. Undefined: not known. */
export function lockOf(statement: string): LockForecast | undefined {
  for (const { pattern, mode, words } of RULES) {
    const match = pattern.exec(statement)
    if (!match) continue
    const table = match.groups?.table?.replaceAll(/ ?\. ?/g, '.')
    return { mode, words, ...(table === undefined ? {} : { table }) }
  }
  return undefined
}
