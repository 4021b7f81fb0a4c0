import type { DataColumn } from '@/components/data-table/data-column'
import { DataTable } from '@/components/data-table/data-table'
import { Panel } from '@/components/status/panel'
import { StatusBadge } from '@/components/status/status-mark'
import { Table, TableCell, TableHead, TableRow } from '@/components/ui/table'
import type { SettingRow, SettingsState } from '@/lib/console/areas/database/views/settings'

const value = (text: string | undefined) =>
  text === undefined ? (
    '–'
  ) : text === '' ? (
    <span className="text-faint">empty</span>
  ) : (
    <code className="break-all">{text}</code>
  )

const NEEDS: Record<string, string> = {
  postmaster: 'a restart',
  sighup: 'a reload',
  internal: 'a new build',
}

const columns: readonly DataColumn<SettingRow>[] = [
  {
    id: 'name',
    header: 'Setting',
    width: 300,
    cell: row => (
      <span className="block min-w-0" title={row.description}>
        <code className="break-all">{row.name}</code>
        {row.pendingRestart ? (
          <>
            {' '}
            <StatusBadge status="warning">Needs a restart</StatusBadge>
          </>
        ) : null}
      </span>
    ),
  },
  { id: 'value', header: 'Value', hideBelow: 'wide', cell: row => value(row.value) },
  {
    id: 'default',
    header: 'Default',
    hideBelow: 'wide',
    cell: row => <span className="text-muted">{value(row.default)}</span>,
  },
  {
    id: 'source',
    header: 'Set in',
    width: 150,
    hideBelow: 'desk',
    cell: row => <span className="text-muted">{row.source}</span>,
  },
  {
    id: 'context',
    header: 'Change needs',
    width: 120,
    hideBelow: 'desk',
    cell: row => <span className="text-muted">{NEEDS[row.context] ?? 'a new session'}</span>,
  },
]

export function SettingsTable({ rows }: { rows: readonly SettingRow[] }) {
  return (
    <DataTable
      label="Settings that differ from their defaults"
      rows={rows}
      rowKey={row => row.name}
      columns={columns}
      secondary={row => (
        <span className="block pb-1">
          {value(row.value)} <span>instead of</span> {value(row.default)}
        </span>
      )}
    />
  )
}

/** What roles and databases set for their own sessions. */
export function Overrides({ overrides }: Pick<SettingsState, 'overrides'>) {
  return (
    <Panel title="Set for roles and databases" note="they win over the server’s">
      <Table>
        <thead>
          <tr>
            <TableHead>For</TableHead>
            <TableHead>Setting</TableHead>
            <TableHead>Value</TableHead>
          </tr>
        </thead>
        <tbody>
          {overrides.map(({ role, database, name, value: text }) => (
            <TableRow key={`${role} ${database} ${name}`}>
              <TableCell>
                {[role && `role ${role}`, database && `database ${database}`].filter(Boolean).join(' in ')}
              </TableCell>
              <TableCell>
                <code className="break-all">{name}</code>
              </TableCell>
              <TableCell>{value(text)}</TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
