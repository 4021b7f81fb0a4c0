import { Commands, Events, Fleet } from '../../fleet/resources.ts'
import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { ofProcesses } from './attention.ts'
import { forgetProcess } from './operations/forget.ts'
import { processView } from './views/process.ts'
import { servicesView } from './views/services.ts'

export const servicesArea = defineArea({
  id: 'services',
  title: 'Services',
  page: { group: 'observe', icon: 'server', shortcut: 's', onPhone: true, counts: 'lost or late' },
  permissions: { 'fleet:read': 'viewer', 'process:forget': 'operator' },
  topics: { fleet: 'fleet:read', events: 'fleet:read' },
  resources: [Fleet, Commands, Events],
  views: [servicesView, processView],
  operations: [forgetProcess],
  async attention({ environment }) {
    const fleet = await environment.of(Fleet).read()
    return fleet.status === 'down' ? { items: [], known: false } : { items: ofProcesses(fleet.data), known: true }
  },
  async names({ environment }, query) {
    const fleet = await environment.of(Fleet).read()
    const processes = fleet.status === 'down' ? [] : fleet.data.processes
    const services = [...new Set(processes.map(process => process.service))].sort()
    return [
      nameGroup(
        'services',
        'Services',
        query,
        services.map(name => ({ id: `service-${name}`, label: name, href: placeOf('services', { service: name }) })),
      ),
      nameGroup(
        'processes',
        'Processes',
        query,
        processes.map(({ id, instance, service }) => ({
          id,
          label: instance,
          detail: service,
          href: placeOf('services', { process: id }),
        })),
      ),
    ]
  },
})
