import { MiddleTruncate } from '@/components/status/middle-truncate'
import { Panel } from '@/components/status/panel'
import { AppLink } from '@/components/ui/app-link'
import type { ServiceNode } from '@/lib/console/areas/health/collect'
import { formatExact } from '@/lib/core/number-format'

interface SilentServicesProps {
  environment: string
  services: readonly ServiceNode[]
}

/** Services that run and register no check: their health is not known. */
export function SilentServices({ environment, services }: SilentServicesProps) {
  return (
    <Panel
      title="Without checks"
      note={`${formatExact(services.length)} ${services.length === 1 ? 'service registers' : 'services register'} none, so ${services.length === 1 ? 'its' : 'their'} health is not known`}
    >
      <ul className="flex flex-wrap gap-x-4 px-3.5 py-2 text-md">
        {services.map(({ service }) => (
          <li key={service} className="min-w-0 max-w-full wide:max-w-64">
            <AppLink
              href={`/${environment}/services?service=${encodeURIComponent(service)}`}
              className="flex min-w-0 items-center text-muted hover:text-ink hover:underline touch:h-(--control)"
            >
              <MiddleTruncate text={service} />
            </AppLink>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
