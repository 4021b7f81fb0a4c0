import { z } from 'zod'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Lamps } from '../resource.ts'

export const lightLamp = defineOperation({
  id: 'lamp.light',
  title: 'Light a lamp',
  description: 'Lights one lamp.',
  permission: 'lamp:light',
  targetKind: 'lamp',
  input: z.strictObject({ lamp: z.string() }),
  risk: 'one',
  reason: 'optional',
  target: ({ lamp }) => ({ kind: 'lamp', name: lamp }),
  preview: async (_context, { lamp }) => ({
    summary: `${lamp} will be lit.`,
    action: 'Light the lamp',
    affected: { count: 1, precision: 'exact', noun: 'lamp', sample: [lamp] },
  }),
  async run({ environment }, { lamp }) {
    environment.of(Lamps).lit.set(lamp, true)
    return { status: 'succeeded', summary: `Lit ${lamp}.` }
  },
})
