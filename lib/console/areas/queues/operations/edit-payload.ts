import { createHash } from 'node:crypto'
import { z } from 'zod'
import { parseJson } from '../../../../core/json.ts'
import { sensitive } from '../../../platform/operation/input.ts'
import { changesOf } from '../acts/changes.ts'
import { doneUnless, isBusy, oneJobOperation, refuseUnless } from '../acts/one-job-operation.ts'
import { LONGEST_PAYLOAD, payloadProblem } from '../job-types.ts'

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

export const editPayload = oneJobOperation({
  id: 'queue.edit-payload',
  title: 'Edit the payload of a job',
  description:
    'Replaces the payload of a job that no worker is processing, if it is still the one that was previewed. The audit has a hash of each, not their values.',
  permission: 'queue:edit',
  // It is previewed, so that what is replaced is what was seen.
  risk: 'many',
  fields: {
    data: sensitive(
      z
        .string()
        .max(LONGEST_PAYLOAD)
        .refine(text => parseJson(text) !== undefined, 'is not JSON'),
    ).describe('JSON text'),
  },

  async preview({ job, title, target }, { data }, environment) {
    refuseUnless(!isBusy(job), `A worker is processing ${title}: its payload cannot be changed now.`)
    const { text } = job.data
    refuseUnless(text !== undefined && !job.data.cut, `The payload of ${title} is too large, or not text.`)
    const changes = changesOf(text ?? '', data)
    refuseUnless(changes.length > 0, 'The payload is the same as before.')
    const problem = await payloadProblem(environment, target.queue.key, job, data)
    return {
      summary: `${changes.length === 1 ? 'One value' : `${changes.length} values`} in the payload of ${title} will change.`,
      action: 'Change the payload',
      texts: [{ name: 'What changes', text: changes.map(({ line }) => line).join('\n') }],
      warnings: [
        ...(job.state === 'completed'
          ? ['It is completed: no worker will read its payload unless it is duplicated.']
          : []),
        ...(problem === undefined ? [] : [`Its worker would not accept this payload: ${problem}.`]),
      ],
      fingerprint: sha1(text ?? ''),
    }
  },

  async act(acts, address, job, { data }, { confirmed = '' }) {
    return doneUnless(
      await acts.updateData(address, job, data, confirmed),
      `Changed the payload of ${job} (SHA-1 ${sha1(data).slice(0, 12)} in place of ${confirmed.slice(0, 12)}).`,
    )
  },
})
