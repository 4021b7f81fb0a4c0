import { z } from 'zod'
import { parseJson } from '../../../../core/json.ts'
import type { HandmadeJob } from '../../../../infrastructure/queue/index.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { name, Reason, sensitive } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFigures } from '../acts/affected-series.ts'
import { acting, holdUps, queueFields, targetOf, toTarget } from '../acts/target.ts'
import { knownType, LONGEST_PAYLOAD, payloadProblem } from '../job-types.ts'

const Input = z.strictObject({
  ...queueFields,
  name: name(200).describe('by which its worker knows what to do'),
  data: sensitive(
    z
      .string()
      .max(LONGEST_PAYLOAD)
      .refine(text => parseJson(text) !== undefined, 'is not JSON'),
  ).describe('JSON text'),
  id: name(200)
    .refine(id => !id.includes(':') && !/^\d+$/.test(id), 'must not be a number or contain a colon')
    .optional(),
  delaySeconds: z.number().int().min(0).max(31_536_000).optional(),
  priority: z.number().int().min(0).max(2_097_151).optional(),
  attempts: z.number().int().min(1).max(1_000).optional(),
  reason: Reason.optional(),
})

export const addJob = defineOperation({
  id: 'queue.add-job',
  title: 'Add a job by hand',
  description: 'Adds a job with this name, payload and options, as a program would.',
  permission: 'queue:add',
  targetKind: 'queue',
  input: Input,
  risk: 'many',
  reason: 'optional',
  target: toTarget,
  about: ({ name: jobName }) => jobName,
  affects: queueFigures,

  async preview({ environment }, input) {
    const target = await targetOf(environment, input)
    const { delaySeconds = 0 } = input
    const problem = await payloadProblem(environment, input.queue, input, input.data)
    if (problem !== undefined)
      throw new RefusalError({
        code: 'invalid',
        message: `Its worker would not accept this payload: ${problem}.`,
        fields: { data: problem },
      })
    return {
      summary: `A job ${input.name} will be added to ${input.queue}${delaySeconds > 0 ? `, due in ${delaySeconds.toLocaleString('en')} s` : ''}.`,
      action: 'Add the job',
      affected: { count: 1, precision: 'exact', noun: 'job', sample: [input.name] },
      warnings: holdUps(target),
      undoWords: 'Until a worker takes it, it can be removed.',
    }
  },

  async run({ environment }, input) {
    const { server, address } = await targetOf(environment, input)
    // Its payload was written by what the workers know today.
    const version = (await knownType(environment, input.queue, input.name))?.version
    const job = { ...toJob(input), ...(version === undefined ? {} : { version }) }
    const added = await acting(server, () => server.acts.addJob(address, job))
    if ('id' in added)
      return { status: 'succeeded', summary: `Added ${input.name} ${added.id} to ${input.queue}.`, result: added }
    throw new RefusalError({
      code: 'conflict',
      message: `The job was not added: ${added.why}.`,
      fields: { id: added.why },
    })
  },
})

const toJob = ({ name: jobName, data, id, delaySeconds, priority, attempts }: z.output<typeof Input>): HandmadeJob => ({
  name: jobName,
  data,
  ...(id === undefined ? {} : { id }),
  ...(delaySeconds ? { delayMs: delaySeconds * 1_000 } : {}),
  ...(priority ? { priority } : {}),
  ...(attempts === undefined ? {} : { attempts }),
})
