import { StatusMark } from '@/components/status/status-mark'
import { Callout } from '@/components/ui/callout'
import { EmptyState } from '@/components/ui/empty-state'
import type { MessagesData } from '@/lib/console/areas/messages/views/messages'

const STEPS = [
  "import { createMigrations, libraryMigrations } from 'substation/migrations'",
  "import { createMessages } from 'substation/messages'",
  '',
  "await (await createMigrations({ url, source: libraryMigrations('messages') })).up({ by: 'deploy' })",
  'const messages = await createMessages({ sql: database.sql })',
].join('\n')

/** No declared database has a log: how to get one; or it is not known. */
export function NoLog({ databases }: { databases: MessagesData['databases'] }) {
  const unknown = databases.filter(({ unknownBecause }) => unknownBecause !== undefined)
  if (unknown.length > 0)
    return (
      <Callout tone="bad" mark={<StatusMark status="bad" />} title="It is not known whether there is a log of messages">
        <ul>
          {unknown.map(({ name, unknownBecause }) => (
            <li key={name}>
              {name}: {unknownBecause}
            </li>
          ))}
        </ul>
      </Callout>
    )
  return (
    <EmptyState title="No declared database has a log of messages" code={STEPS}>
      A service keeps its messages in its own Postgres. Make the tables there, and declare that database in
      substation.config.ts: the log can then be read here, also while none of its processes runs.
    </EmptyState>
  )
}
