import { EmptyState } from '@/components/ui/empty-state'

/** Nothing to show yet: the lines of configuration that change it. */
export function NoMigrations({ without }: { without: readonly string[] }) {
  const name = without[0] ?? 'shop'
  return (
    <div className="rounded-lg border border-line bg-panel">
      <EmptyState
        title={without.length > 0 ? 'No watched database has migrations' : 'No database is watched here'}
        code={[
          '// substation.config.ts',
          'databases: [',
          '  {',
          `    name: '${name}',`,
          `    url: process.env.${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_DATABASE_URL,`,
          "    migrations: '../shop/migrations',",
          '  },',
          ']',
        ].join('\n')}
      >
        {without.length > 0 ? `Watched without a folder of migrations: ${without.join(', ')}. ` : ''}
        Name a folder of <code>0001_name.sql</code> files with their <code>0001_name.down.sql</code>, or the folder that
        drizzle-kit writes, with its <code>meta/_journal.json</code>. Reading it writes nothing into the database.
      </EmptyState>
    </div>
  )
}
