import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { lightLamp } from './operations/light.ts'
import { Lamps } from './resource.ts'
import { lampsView } from './views/lamps.ts'

/** The smallest whole area: everything an area can declare, once each. */
export const lampsArea = defineArea({
  id: 'lamps',
  title: 'Lamps',
  page: { group: 'operate', icon: 'lamp', shortcut: 'l', counts: 'dark' },
  permissions: { 'lamp:read': 'viewer', 'lamp:light': 'operator' },
  topics: { lamps: 'lamp:read' },
  resources: [Lamps],
  views: [lampsView],
  operations: [lightLamp],
  async attention({ environment }) {
    const dark = [...environment.of(Lamps).lit].filter(([, lit]) => !lit)
    return {
      known: true,
      items: dark.map(([lamp]) => ({
        id: `lamp:${lamp}`,
        band: 'outage',
        subject: lamp,
        text: 'is dark',
        detail: 'Light it.',
        href: placeOf('lamps', { lamp }),
        act: 'See lamp',
        since: Date.now(),
        share: 1,
      })),
    }
  },
  samples: environment => [
    {
      name: 'lamps',
      sample: async () => [
        {
          service: 'lamps',
          series: 'lamps_lit',
          value: [...environment.of(Lamps).lit.values()].filter(Boolean).length,
        },
      ],
    },
  ],
  names: async ({ environment }, query) => [
    nameGroup(
      'lamps',
      'Lamps',
      query,
      [...environment.of(Lamps).lit.keys()].map(lamp => ({
        id: `lamp-${lamp}`,
        label: lamp,
        href: placeOf('lamps', { lamp }),
      })),
    ),
  ],
})
