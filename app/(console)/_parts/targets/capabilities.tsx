import { StatusMark } from '@/components/status/status-mark'
import type { Capability } from '@/lib/console/servers/probe/port'

/** What the account on a server lets this console do; what is missing first, with what to grant. */
export function Capabilities({ capabilities }: { capabilities: readonly Capability[] }) {
  const denied = capabilities.filter(({ allowed }) => !allowed)
  const allowed = capabilities.filter(capability => capability.allowed)
  return (
    <div className="border-t border-line py-2.5">
      <h3 className="px-3.5 pb-1 text-md font-semibold">
        What this account may do{' '}
        <span className="text-sm font-normal text-muted">
          {denied.length === 0
            ? 'all that the console needs'
            : `${denied.length} of ${capabilities.length} not permitted`}
        </span>
      </h3>
      <ul className="text-md">
        {[...denied, ...allowed].map(capability => (
          <li key={capability.name} className="grid grid-cols-[12px_minmax(0,1fr)] gap-x-2 px-3.5 py-1">
            <span className="flex h-5 items-center">
              <StatusMark status={capability.allowed ? 'good' : 'warning'} className="size-2.5" />
            </span>
            <span className="min-w-0 break-words">
              <code>{capability.name}</code>{' '}
              {capability.allowed ? (
                <span className="text-muted">allowed, for {capability.purpose}</span>
              ) : (
                <>
                  <b className="font-medium text-warning">not permitted</b>: {capability.purpose}
                  {capability.remedy ? <span className="block text-muted">{capability.remedy}</span> : null}
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
