import { z } from 'zod'
import { defineView } from '../../../platform/view/define.ts'
import { Lamps } from '../resource.ts'

export const lampsView = defineView({
  id: 'lamps',
  title: 'Lamps',
  permission: 'lamp:read',
  topics: ['lamps'],
  filters: z.object({}),
  freshFor: 1_000,
  read: async ({ environment }) => ({ lamps: Object.fromEntries(environment.of(Lamps).lit) }),
})
